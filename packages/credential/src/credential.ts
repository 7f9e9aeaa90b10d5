import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { abortError } from "./abort.ts";
import { chooseIdentity, type Identity } from "./identity.ts";
import { Negotiation } from "./negotiation.ts";
import { type AppServiceMsiCredentialOptions, type Settings, toSettings } from "./options.ts";
import type { Transport } from "./pipeline.ts";
import { toResource } from "./scope.ts";
import { type TokenEvent, tokenChannel } from "./telemetry.ts";
import { Throttle } from "./throttle.ts";
import { TokenCache } from "./token-cache.ts";
import { type RequestHost, TokenRequest } from "./token-request.ts";

/**
 * Tokens of a managed identity, from the identity endpoint of App Service, Functions or Container Apps.
 *
 * Any Azure client takes it as its credential. Keep one for the life of the process: tokens are remembered for each resource,
 * refreshed behind the callers' backs, and requested once however many callers wait. All state is the instance's own.
 *
 * ```ts
 * import { AppServiceMsiCredential } from "@appservice-msi/credential";
 *
 * const credential = new AppServiceMsiCredential({ managedIdentityClientId: process.env.MY_IDENTITY });
 * ```
 */
export class AppServiceMsiCredential implements TokenCredential {
  readonly #identity: Identity;
  readonly #settings: Settings;
  readonly #cache: TokenCache;
  readonly #host: RequestHost;
  readonly #throttle = new Throttle();
  #transport: Transport | undefined;

  /**
   * @param options Which identity, and how to ask for it. Without an id: `AZURE_CLIENT_ID`, else the system-assigned identity.
   * @throws TypeError when more than one id is given or an option has the wrong type, RangeError when one makes no sense.
   */
  constructor(options?: AppServiceMsiCredentialOptions);
  /**
   * @param managedIdentityClientId Client id of the user-assigned identity; `""` for the system-assigned one, and `undefined` as
   * if it were not there, because it may come from a variable.
   * @param options How to ask for it.
   * @throws TypeError when more than one id is given or an option has the wrong type, RangeError when one makes no sense.
   */
  constructor(managedIdentityClientId: string | undefined, options?: AppServiceMsiCredentialOptions);
  constructor(first?: string | AppServiceMsiCredentialOptions, second?: AppServiceMsiCredentialOptions) {
    const options = typeof first === "string" ? withClientId(first, second) : (first ?? second ?? {});
    this.#settings = toSettings(options);
    this.#identity = chooseIdentity(options, this.#settings.env());
    this.#host = {
      env: this.#settings.env,
      negotiation: new Negotiation(this.#settings.apiVersion),
      transport: () => this.#loadTransport(),
      report: (event) => this.#report(event),
    };
    this.#cache = new TokenCache(this.#settings.timeoutInMs, (type, resource) => this.#report({ type, resource }));
  }

  /**
   * A token for the resource that the scope stands for.
   *
   * A token at hand is returned at once; past its refresh point a request for the next one goes on behind it, and when that fails the token
   * stays in use until it expires.
   *
   * @param scopes One scope, such as `https://storage.azure.com/.default`, or a bare resource.
   * @param options `abortSignal` ends this call's wait; `claims` asks for a token newer than the one at hand, once;
   * `requestOptions.timeout` shortens `timeoutInMs` for this call; `tracingOptions` is the parent of the request's span.
   * `tenantId` and `enableCae` change nothing: a managed identity has one tenant, and its endpoint knows no CAE.
   * @throws AppServiceMsiError with a `code`; an error named `AbortError` when aborted; TypeError for a scope that is no string.
   */
  async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    // The warm path: one look into a map and one at the clock. All that is heavier waits for the first miss.
    if (options?.abortSignal?.aborted !== true && !options?.claims) {
      const token = this.#cache.fresh(scopes);
      if (token !== undefined) {
        if (tokenChannel.hasSubscribers) {
          this.#report({ type: "hit", resource: toResource(scopes) });
        }
        return token;
      }
    }
    return this.#getToken(scopes, options);
  }

  /** Forgets all tokens, so that the next call asks the endpoint. The platform may well answer with the same token. */
  clearCache(): void {
    this.#cache.clear();
  }

  async #getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    const { abortSignal, claims, requestOptions, tracingOptions } = options;
    const resource = toResource(scopes);
    if (abortSignal?.aborted) {
      throw abortError(abortSignal);
    }
    const { timeoutInMs } = this.#settings;
    const { timeout = 0 } = requestOptions ?? {}; // 0 is "none" throughout the Azure SDK
    const question = { resource, identity: this.#identity };
    return this.#cache.get(scopes, resource, {
      work: () => new TokenRequest(this.#host, question, tracingOptions),
      abortSignal,
      timeoutInMs: timeout > 0 ? Math.min(timeout, timeoutInMs) : timeoutInMs,
      force: Boolean(claims),
    });
  }

  async #loadTransport(): Promise<Transport> {
    if (this.#transport === undefined) {
      const { createTransport } = await import("./pipeline.ts");
      this.#transport ??= createTransport(this.#settings, this.#throttle);
    }
    return this.#transport;
  }

  #report(event: Omit<TokenEvent, "identity">): void {
    if (tokenChannel.hasSubscribers) {
      tokenChannel.publish({ ...event, identity: this.#identity });
    }
  }
}

function withClientId(
  managedIdentityClientId: string,
  options: AppServiceMsiCredentialOptions = {},
): AppServiceMsiCredentialOptions {
  if (options.managedIdentityClientId != null) {
    throw new TypeError(
      "managedIdentityClientId is given twice: as the first argument and as an option. Keep one of them.",
    );
  }
  return { ...options, managedIdentityClientId };
}
