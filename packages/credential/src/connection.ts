import type { Failure } from "./answer.ts";
import { isRetriableErrorCode } from "./retry.ts";

/** Codes of our own for what core-rest-pipeline has none for. */
export const attemptTimedOut = "ATTEMPT_TIMED_OUT";
export const bodyTooLarge = "BODY_TOO_LARGE";

/** core-rest-pipeline's code for a body that could not be read to its end. */
const bodyUnreadable = "PARSE_ERROR";

/** An error of the HTTP layer. Its message is fit to be shown. */
export interface ConnectionError extends Error {
  readonly code?: string | undefined;
}

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: "could not be reached: nothing listens there",
  ECONNRESET: "closed the connection without an answer",
  ENOTFOUND: "could not be reached: its host name is unknown",
  EAI_AGAIN: "could not be reached: its host name cannot be looked up at the moment",
};

/** What an attempt that brought no readable answer means. */
export function readConnectionError(error: ConnectionError): Failure {
  const { code } = error;
  const failure = { kind: "failure", cause: error } as const;
  if (code === attemptTimedOut) {
    return { ...failure, code: "TIMEOUT", what: error.message, retriable: true };
  }
  if (code === bodyTooLarge) {
    return { ...failure, code: "INVALID_RESPONSE", what: error.message, retriable: false };
  }
  if (code === bodyUnreadable) {
    return { ...failure, code: "INVALID_RESPONSE", what: "broke off in the middle of its answer", retriable: true };
  }
  if (code?.startsWith("HPE_")) {
    return { ...failure, code: "INVALID_RESPONSE", what: `gave an answer that is no HTTP (${code})`, retriable: false };
  }
  const known = explanations[code ?? ""] ?? `could not be reached: ${error.message}`;
  const what = code === undefined ? known : `${known} (${code})`;
  return { ...failure, code: "UNREACHABLE", what, retriable: isRetriableErrorCode(code) };
}
