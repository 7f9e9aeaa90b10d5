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
      throw toRestError(error as Error, request.timeout, secrets);
    }
  }
  throw new RestError(`answered with more than ${maxBodyInBytes} bytes`, { code: bodyTooLarge });
}

/** The error without what it carries along, in the form that the Azure SDK's retry policy acts on. */
export function toRestError(
  error: Error & { code?: unknown; cause?: unknown },
  timeoutInMs: number,
  secrets: readonly string[],
): RestError {
  if (error.name === "AbortError") {
    return new RestError(`gave no complete answer within ${timeoutInMs} ms`, { code: attemptTimedOut });
  }
  // `fetch` keeps the code of a failed connection one level down.
  const code = error.code ?? (error.cause as { code?: unknown } | undefined)?.code;
  return new RestError(printable(error.message, secrets), typeof code === "string" ? { code } : {});
}
