import { type HttpClient, type PipelineRequest, type PipelineResponse, RestError } from "@azure/core-rest-pipeline";
import { attemptTimedOut, bodyTooLarge } from "./connection.ts";
import { printable, redact } from "./printable.ts";

const maxBodyInBytes = 1024 * 1024;

/**
 * Sends one request. What comes back can be logged: no header repeats a secret, and no error carries the request.
 *
 * @throws RestError for whatever went wrong. An abort comes through as it is.
 */
export async function sendSafely(
  httpClient: HttpClient,
  request: PipelineRequest,
  secrets: readonly string[],
): Promise<PipelineResponse> {
  let tooLarge = false;
  request.onDownloadProgress = ({ loadedBytes }) => {
    tooLarge = loadedBytes > maxBodyInBytes;
    if (tooLarge) {
      throw new Error("The body is too large.");
    }
  };
  try {
    const response = await httpClient.sendRequest(request);
    for (const [name, value] of response.headers) {
      response.headers.set(name, redact(value, secrets));
    }
    if ((response.bodyAsText?.length ?? 0) <= maxBodyInBytes) {
      return response;
    }
    tooLarge = true;
  } catch (error) {
    if (request.abortSignal?.aborted) {
      throw error;
    }
    if (!tooLarge) {
      throw toRestError(error, request.timeout, secrets);
    }
  }
  throw safeError(`answered with more than ${maxBodyInBytes} bytes`, bodyTooLarge);
}

/** The errors made here. A policy's own `RestError` carries its request along, secret included. */
const safeErrors = new WeakSet<object>();

/** What was thrown, without what it carries along, in the form that the Azure SDK's retry policy acts on. */
export function toRestError(thrown: unknown, timeoutInMs: number, secrets: readonly string[]): RestError {
  if (thrown instanceof RestError && safeErrors.has(thrown)) {
    return thrown;
  }
  const error = asError(thrown);
  if (error.name === "AbortError") {
    return safeError(`gave no complete answer within ${timeoutInMs} ms`, attemptTimedOut);
  }
  // `fetch` keeps the code of a failed connection one level down.
  const code = error.code ?? (error.cause as { code?: unknown } | null | undefined)?.code;
  return safeError(printable(error.message, secrets), code);
}

function safeError(message: string, code: unknown): RestError {
  const error = new RestError(message, typeof code === "string" ? { code } : {});
  safeErrors.add(error);
  return error;
}

/** JavaScript lets a policy throw anything. */
function asError(thrown: unknown): { name: string; message: string; code?: unknown; cause?: unknown } {
  return thrown instanceof Error
    ? thrown
    : { name: "Error", message: typeof thrown === "string" ? thrown : `a policy threw no error but ${typeof thrown}` };
}
