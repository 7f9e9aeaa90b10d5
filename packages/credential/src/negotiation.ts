import type { Failure, IssuedToken } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { type ApiVersion, otherApiVersion } from "./protocol.ts";

/** Asks the endpoint in one API version. */
export type Ask = (apiVersion: ApiVersion) => Promise<IssuedToken | Failure>;

/** Finds the API version that an endpoint speaks, and remembers it for as long as the variables name that endpoint. */
export class Negotiation {
  readonly #wanted: ApiVersion | "auto";
  #known: { readonly url: string; readonly apiVersion: ApiVersion } | undefined;

  constructor(wanted: ApiVersion | "auto") {
    this.#wanted = wanted;
  }

  /**
   * Asks in the version that is set, known or suggested by the variables; with `"auto"`, when the endpoint does not speak it, once
   * in the other one. Nothing else is a reason to change: another refusal would only be repeated in other words.
   *
   * @param fallingBack Called before the other version is asked, with the first refusal; may throw to stay with it.
   */
  async ask(
    endpoint: Endpoint,
    ask: Ask,
    fallingBack: (to: ApiVersion, refusal: Failure) => void,
  ): Promise<IssuedToken | Failure> {
    const first = this.#firstFor(endpoint);
    const outcome = await ask(first);
    if (this.#wanted !== "auto" || !isUnsupported(outcome)) {
      return outcome;
    }
    const other = otherApiVersion(first);
    fallingBack(other, outcome);
    const final = await ask(other);
    if (!isUnsupported(final) && (final.kind === "token" || final.statusCode !== undefined)) {
      this.#known = { url: endpoint.url, apiVersion: other };
    }
    return final;
  }

  #firstFor(endpoint: Endpoint): ApiVersion {
    if (this.#wanted !== "auto") {
      return this.#wanted;
    }
    return this.#known?.url === endpoint.url ? this.#known.apiVersion : endpoint.apiVersion;
  }
}

type Unsupported = Failure & { readonly unsupportedApiVersion: true };

function isUnsupported(outcome: IssuedToken | Failure): outcome is Unsupported {
  return outcome.kind === "failure" && outcome.unsupportedApiVersion === true;
}
