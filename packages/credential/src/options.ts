import type {
  HttpClient,
  LogPolicyOptions,
  PipelinePolicy,
  PipelineRetryOptions,
  UserAgentPolicyOptions,
} from "@azure/core-rest-pipeline";
import type { Environment } from "./endpoint.ts";
import type { IdentityOptions } from "./identity.ts";
import { type ApiVersion, protocols } from "./protocol.ts";
import type { RetryLimits } from "./retry.ts";

/** A policy to add to the pipeline, and where: once for each token request, or again for each attempt. */
export interface AdditionalPolicyConfig {
  readonly policy: PipelinePolicy;
  readonly position: "perCall" | "perRetry";
}

/** Options of `AppServiceMsiCredential`. At most one id may be given. The object is not changed. */
export interface AppServiceMsiCredentialOptions extends IdentityOptions {
  /**
   * The API version of the endpoint. `"auto"` begins with the one that the host's variables suggest and asks the other one if the
   * endpoint says `UnsupportedApiVersion`. Default: `"auto"`.
   */
  apiVersion?: ApiVersion | "auto" | undefined;
  /** Time for a whole `getToken` call, retries and pauses included, in milliseconds. Default: 30 000. */
  timeoutInMs?: number | undefined;
  /** Time for one request to the endpoint, its body included, in milliseconds. Default: 10 000. */
  attemptTimeoutInMs?: number | undefined;
  /**
   * The Azure SDK's retry options. Defaults: `maxRetries` 5, `retryDelayInMs` 200, `maxRetryDelayInMs` 5 000. Each pause is between
   * half and the whole of the exponential delay. 404 is retried at most 3 times.
   */
  retryOptions?: PipelineRetryOptions | undefined;
  /** The HTTP client to use in place of Node's. It is then its part to keep away from proxies and redirects. */
  httpClient?: HttpClient | undefined;
  /** Policies to add to the pipeline. They see the secret and the token. */
  additionalPolicies?: readonly AdditionalPolicyConfig[] | undefined;
  /** What the log may show besides the default. The header that carries the secret is never shown. */
  loggingOptions?: LogPolicyOptions | undefined;
  /** A prefix for the User-Agent header. */
  userAgentOptions?: UserAgentPolicyOptions | undefined;
  /** Where variables are read, at every request; only `AZURE_CLIENT_ID` is read once. Default: `process.env`. */
  env?: Environment | undefined;
}

/** What the network part of the credential needs to know. */
export interface PipelineOptions extends Pick<
  AppServiceMsiCredentialOptions,
  "httpClient" | "additionalPolicies" | "loggingOptions" | "userAgentOptions"
> {
  readonly attemptTimeoutInMs: number;
  readonly retryOptions: RetryLimits;
}

/** The options with their defaults. */
export interface Settings extends PipelineOptions {
  readonly apiVersion: ApiVersion | "auto";
  readonly timeoutInMs: number;
  /** The variables as they are now; `process.env` may have been replaced as a whole. */
  readonly env: () => Environment;
}

/** The longest time that `setTimeout` can wait; a longer one would fire at once. */
const maxTimeoutInMs = 2 ** 31 - 1;

/**
 * The options checked and completed.
 *
 * @throws TypeError for a value of the wrong type, RangeError for a time or number that makes no sense.
 */
export function toSettings(options: AppServiceMsiCredentialOptions): Settings {
  if (typeof options !== "object") {
    throw new TypeError("The options must be an object, and a client id in front of them a string.");
  }
  const apiVersion = options.apiVersion ?? "auto";
  if (apiVersion !== "auto" && !(typeof apiVersion === "string" && Object.hasOwn(protocols, apiVersion))) {
    const known = ["auto", ...Object.keys(protocols)].map((version) => `"${version}"`).join(", ");
    throw new TypeError(`apiVersion must be one of ${known}.`);
  }
  const env = optional("env", options.env, isObject, "an object");
  const retryOptions = optional("retryOptions", options.retryOptions, isObject, "an object") ?? {};
  return {
    apiVersion,
    timeoutInMs: limit("timeoutInMs", options.timeoutInMs, 30_000, 1),
    attemptTimeoutInMs: limit("attemptTimeoutInMs", options.attemptTimeoutInMs, 10_000, 1),
    retryOptions: {
      maxRetries: limit("retryOptions.maxRetries", retryOptions.maxRetries, 5, 0),
      retryDelayInMs: limit("retryOptions.retryDelayInMs", retryOptions.retryDelayInMs, 200, 0),
      maxRetryDelayInMs: limit("retryOptions.maxRetryDelayInMs", retryOptions.maxRetryDelayInMs, 5_000, 0),
    },
    httpClient: optional("httpClient", options.httpClient, sends, "an object with a function sendRequest"),
    additionalPolicies: optional("additionalPolicies", options.additionalPolicies, arePolicies, "a list of { policy }"),
    loggingOptions: optional("loggingOptions", options.loggingOptions, isObject, "an object"),
    userAgentOptions: optional("userAgentOptions", options.userAgentOptions, isObject, "an object"),
    env: () => env ?? process.env,
  };
}

/** The value if it is what it has to be; `null` is nothing, as in JavaScript it often is. */
function optional<T>(
  name: string,
  value: T | null | undefined,
  isRight: (value: unknown) => boolean,
  right: string,
): T | undefined {
  if (value != null && !isRight(value)) {
    throw new TypeError(`${name} must be ${right}.`);
  }
  return value ?? undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function sends(value: unknown): boolean {
  return isObject(value) && typeof (value as { sendRequest?: unknown }).sendRequest === "function";
}

function arePolicies(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry: { policy?: unknown } | null) => sends(entry?.policy));
}

function limit(name: string, value: number | undefined, byDefault: number, min: number): number {
  const given = value ?? byDefault;
  if (typeof given !== "number") {
    throw new TypeError(`${name} must be a number.`);
  }
  if (!(given >= min && given <= maxTimeoutInMs)) {
    throw new RangeError(`${name} must be between ${min} and ${maxTimeoutInMs}.`);
  }
  return given;
}
