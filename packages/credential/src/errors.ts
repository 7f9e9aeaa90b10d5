import type { ApiVersion } from "./protocol.ts";

/**
 * Why a token could not be got. The set is closed: a `switch` over it needs no default.
 * Each code has a heading in docs/troubleshooting.md.
 */
export type AppServiceMsiErrorCode =
  /** The variables of the identity endpoint are not set: not on such a host. The only code that lets a chain go on. */
  | "NOT_CONFIGURED"
  /** `IDENTITY_ENDPOINT` or `MSI_ENDPOINT` is no http(s) URL, or the secret holds characters that no header may. */
  | "INVALID_ENDPOINT"
  /** No scope, an empty one, or more than one. */
  | "INVALID_SCOPE"
  /** The API version in use cannot carry this kind of identity. */
  | "UNSUPPORTED_IDENTITY"
  /** The endpoint answered with a token of another identity. */
  | "IDENTITY_MISMATCH"
  /** The identity asked for is not assigned to this app. */
  | "IDENTITY_NOT_FOUND"
  /** The endpoint refused the secret. */
  | "UNAUTHORIZED"
  /** The endpoint refused the request with another 4xx. */
  | "REJECTED"
  /** The endpoint asked for less: 429 to the end, or a `Retry-After` longer than the caller can wait. */
  | "THROTTLED"
  /** 5xx to the end. */
  | "SERVICE_FAILED"
  /** Nothing listens, connection reset, name not resolved. */
  | "UNREACHABLE"
  /** No token within the time allowed. */
  | "TIMEOUT"
  /** An answer that is not a token response. */
  | "INVALID_RESPONSE";

/** What is known of a failure besides its code and message. */
export interface AppServiceMsiErrorDetails {
  /** HTTP status of the endpoint's last answer. */
  readonly statusCode?: number | undefined;
  /** The endpoint's own id for the failed request; support asks for it. */
  readonly correlationId?: string | undefined;
  /** API version of the last request. */
  readonly apiVersion?: ApiVersion | undefined;
  /** How long the endpoint asked to be left alone, in milliseconds. */
  readonly retryAfterInMs?: number | undefined;
  /** The failure underneath. */
  readonly cause?: unknown;
}

/**
 * A failure to get a token.
 *
 * `name` is what `ChainedTokenCredential` looks at: `"CredentialUnavailableError"` for `NOT_CONFIGURED`, so that a chain
 * goes on to its next credential, and `"AuthenticationError"` for every other code, so that a chain stops and the
 * failure is seen. Neither the message nor any property, `cause` included, holds the secret, a token or a raw body.
 */
export class AppServiceMsiError extends Error {
  override readonly name: "CredentialUnavailableError" | "AuthenticationError";
  /** Why it failed. */
  readonly code: AppServiceMsiErrorCode;
  /** HTTP status of the endpoint's last answer, where there was one. */
  declare readonly statusCode?: number;
  /** The endpoint's own id for the failed request, where it sent one. */
  declare readonly correlationId?: string;
  /** API version of the last request, where one was made. */
  declare readonly apiVersion?: ApiVersion;
  /** How long the endpoint asked to be left alone, in milliseconds, where it did. */
  declare readonly retryAfterInMs?: number;

  constructor(code: AppServiceMsiErrorCode, message: string, details: AppServiceMsiErrorDetails = {}) {
    const { cause, ...known } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.name = code === "NOT_CONFIGURED" ? "CredentialUnavailableError" : "AuthenticationError";
    this.code = code;
    for (const [key, value] of Object.entries(known)) {
      if (value !== undefined) {
        Object.defineProperty(this, key, { value, enumerable: true });
      }
    }
  }
}
