import type { Host, Refusal, RefusalName } from "./hosts.ts";
import { type Reply, respondJson } from "./outcome.ts";
import { type ApiVersion, isApiVersion } from "./protocols.ts";
import { pathOf, readAsk, type TokenRequest } from "./token-request.ts";

const plainText: Reply["headers"] = { "content-type": "text/plain; charset=utf-8" };

/** What App Service says when it could not get a token (the spelling is its own), and guesses for other statuses. */
const usualMessages: Readonly<Record<number, string>> = {
  404: "Not found.",
  429: "Too many requests.",
  500: "An unexpected error occured while fetching the AAD Token.",
};

/** A refusal as HTTP, in the host's own words. */
export function refuse(refusalName: RefusalName, request: TokenRequest, host: Host): Reply {
  const refusal = host.refusals[refusalName] ?? host.refusals["no-identity"];
  const { body, code } = refusal;
  const status = statusOf(refusal, request);
  const message = wording(refusal, request);
  const allow = refusalName === "wrong-verb" ? { allow: "GET" } : {};
  switch (body) {
    case "empty":
      return { kind: "respond", status, headers: ownHeaders(request, host, allow), body: "" };
    case "text":
      return { kind: "respond", status, headers: ownHeaders(request, host, plainText), body: message };
    case "versioning":
      return respondJson(status, { error: { code, message, innerError: null } }, ownHeaders(request, host));
    default:
      return replyWithError(status, message, request, host);
  }
}

/** An error in the host's own form; without a message, with the host's usual one for such a status. */
export function replyWithError(
  status: number,
  message: string | undefined,
  request: TokenRequest,
  host: Host,
  headers: Reply["headers"] = {},
): Reply {
  const { correlationId } = request;
  const text = message ?? usualMessages[status] ?? usualMessages[500];
  const { apiVersion = "" } = readAsk(request);
  const names = isApiVersion(apiVersion) ? host.apiVersions[apiVersion]?.errorNames : undefined;
  const body =
    names === "PascalCase"
      ? { StatusCode: status, Message: text, CorrelationId: correlationId }
      : { statusCode: status, message: text, correlationId };
  return respondJson(status, body, ownHeaders(request, host, headers));
}

function ownHeaders(request: TokenRequest, host: Host, more: Reply["headers"] = {}): Reply["headers"] {
  return { ...host.headers, "x-correlation-id": request.correlationId, ...more };
}

function statusOf({ status }: Refusal, request: TokenRequest): number {
  return typeof status === "number" ? status : status[apiVersionOf(request)];
}

/** The API version whose words to use, even where there is no such version. */
function apiVersionOf(request: TokenRequest): ApiVersion {
  const { apiVersion } = readAsk(request);
  return isApiVersion(apiVersion) ? apiVersion : "2019-08-01";
}

/** What a refusal says to this request. */
function wording({ message = "" }: Refusal, request: TokenRequest): string {
  const { apiVersion = "" } = readAsk(request);
  const text = typeof message === "string" ? message : message[apiVersionOf(request)];
  const asked: Readonly<Record<string, string>> = {
    apiVersion,
    uri: `${request.origin}${decodeLeniently(request.url)}`,
    address: `${request.origin}${decodeLeniently(pathOf(request))}`,
  };
  return (text ?? "").replace(/\{(\w+)\}/g, (_, name: string) => asked[name] ?? "");
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
