import { type Answer, type Failure, type IssuedToken, readAnswer } from "./answer.ts";
import { type Endpoint, findEndpoint, isSameEndpoint, secretsIn } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";
import { inShort, toError } from "./failure.ts";
import type { Work } from "./flight.ts";
import type { Negotiation } from "./negotiation.ts";
import type { Settings } from "./options.ts";
import type { Exchange, Transport } from "./pipeline.ts";
import { type ApiVersion, protocols } from "./protocol.ts";
import { buildRequest, canCarry, type FirstAnswer, type Question, unsupportedIdentity } from "./request.ts";
import type { TokenEvent } from "./telemetry.ts";

/** What a request needs of the credential it is made for. */
export interface RequestHost {
  readonly env: Settings["env"];
  readonly negotiation: Negotiation;
  /** The network part, loaded when it is first needed. */
  transport(): Promise<Transport>;
  report(event: Pick<TokenEvent, "type" | "resource" | "apiVersion" | "code">): void;
}

/** One request for a token, from reading the variables to the token or the error, with all its attempts. */
export class TokenRequest implements Work<IssuedToken> {
  readonly #host: RequestHost;
  readonly #question: Question;
  readonly #tracingOptions: Exchange["tracingOptions"];
  #endpoint: Endpoint | undefined;
  #apiVersion: ApiVersion = "2019-08-01";
  #tries = 0;
  /** The last one in the API version that is asked now. */
  #lastFailure: Failure | undefined;
  /** What was answered in the other API version, where that was asked first. */
  #firstAnswer: FirstAnswer | undefined;
  /** All secrets that the variables have held meanwhile: an endpoint may quote an old one. */
  readonly #secrets = new Set<string>();
  #told: AppServiceMsiError | undefined;
  #transport: Transport | undefined;

  constructor(host: RequestHost, question: Question, tracingOptions: Exchange["tracingOptions"]) {
    this.#host = host;
    this.#question = question;
    this.#tracingOptions = tracingOptions;
  }

  async run(signal: AbortSignal, pausing: Parameters<Work<IssuedToken>["run"]>[1]): Promise<IssuedToken> {
    try {
      const outcome = await this.#ask(signal, (forInMs, failure) => pausing(forInMs, () => this.#tell(failure)));
      if (outcome.kind === "token") {
        return outcome;
      }
      throw this.#error(outcome);
    } catch (error) {
      // Cancelled because the last caller has left: what that caller was told is how it ended.
      const ending = signal.aborted ? this.#told : error;
      if (ending instanceof AppServiceMsiError) {
        this.#report(ending);
      }
      throw error;
    }
  }

  timedOut(afterInMs: number): Error {
    const what = `gave no token within ${afterInMs} ms`;
    const cause = this.#lastFailure && this.#error(this.#lastFailure);
    return this.#tell({ kind: "failure", code: "TIMEOUT", what, retriable: false, cause });
  }

  async #ask(signal: AbortSignal, pausing: Exchange["pausing"]): Promise<IssuedToken | Failure> {
    const endpoint = this.#findEndpoint();
    this.#endpoint = endpoint;
    this.#transport = await this.#host.transport();
    const outcome = await this.#negotiate(endpoint, this.#transport, signal, pausing);
    if (outcome.kind === "token" || outcome.code !== "UNAUTHORIZED") {
      return outcome;
    }
    // The platform rotates the secret; the answer may be to the old one.
    const current = this.#currentEndpoint();
    return current === undefined || isSameEndpoint(current, this.#endpoint)
      ? outcome
      : this.#negotiate(current, this.#transport, signal, pausing);
  }

  #negotiate(
    endpoint: Endpoint,
    transport: Transport,
    signal: AbortSignal,
    pausing: Exchange["pausing"],
  ): Promise<IssuedToken | Failure> {
    return this.#host.negotiation.ask(
      endpoint,
      (apiVersion) => {
        this.#apiVersion = apiVersion;
        return transport.send(this.#exchange(apiVersion, signal, pausing));
      },
      (apiVersion, refusal) => this.#fallBack(apiVersion, refusal),
    );
  }

  #exchange(apiVersion: ApiVersion, signal: AbortSignal, pausing: Exchange["pausing"]): Exchange {
    const { identity } = this.#question;
    return {
      signal,
      pausing,
      tracingOptions: this.#tracingOptions,
      secrets: this.#secrets,
      prepare: () => {
        const endpoint = this.#findEndpoint();
        return { endpoint, request: buildRequest(protocols[apiVersion], endpoint, this.#question) };
      },
      attempting: (endpoint) => {
        this.#endpoint = endpoint;
        this.#tries += 1;
      },
      read: (answer: Answer) => readAnswer(answer, { identity, secrets: [...this.#secrets], now: Date.now() }),
      failed: (failure) => {
        this.#lastFailure = failure;
      },
    };
  }

  /** Tells of the change of API version, and refuses it when it would lose the identity. */
  #fallBack(apiVersion: ApiVersion, refusal: Failure): void {
    const { identity, resource } = this.#question;
    const firstAnswer = { before: inShort(refusal, this.#apiVersion), cause: this.#error(refusal) };
    if (!canCarry(protocols[apiVersion], identity)) {
      throw unsupportedIdentity(protocols[apiVersion], this.#endpoint as Endpoint, identity, firstAnswer);
    }
    this.#transport?.logger.info(
      `The endpoint does not support API version ${this.#apiVersion}; asking in ${apiVersion}.`,
    );
    this.#host.report({ type: "fallback", resource, apiVersion });
    this.#firstAnswer = firstAnswer;
    this.#lastFailure = undefined;
  }

  #findEndpoint(): Endpoint {
    const env = this.#host.env();
    secretsIn(env).forEach((secret) => this.#secrets.add(secret));
    return findEndpoint(env);
  }

  #currentEndpoint(): Endpoint | undefined {
    try {
      return this.#findEndpoint();
    } catch {
      return undefined; // the refusal at hand says more than variables that have gone meanwhile
    }
  }

  #error(failure: Failure): AppServiceMsiError {
    const { before, cause } = this.#firstAnswer ?? {};
    return toError(
      { ...failure, before, cause: failure.cause ?? cause },
      {
        ...this.#question,
        endpoint: this.#endpoint as Endpoint,
        apiVersion: this.#apiVersion,
        tries: this.#tries,
      },
    );
  }

  /** The error for a caller who leaves while the request goes on for others. */
  #tell(failure: Failure): AppServiceMsiError {
    this.#told = this.#error(failure);
    return this.#told;
  }

  #report(error: AppServiceMsiError): void {
    this.#transport?.logger.warning(`No token: ${error.code}. ${error.message}`);
    this.#host.report({ type: "failure", resource: this.#question.resource, code: error.code });
  }
}
