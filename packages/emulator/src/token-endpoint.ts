import type { IncomingHttpHeaders } from "node:http";
import type { Host, Refusal, RefusalName } from "./hosts.ts";
import { findIdentity, type Identities, type Identity, listIdentities, stranger } from "./identities.ts";
import { type Reply, respondJson } from "./outcome.ts";
import { type ApiVersion, type IdentityIdKind, isApiVersion, protocols } from "./protocols.ts";
import type { Secret } from "./secret.ts";

/** A request to the token endpoint: what of HTTP matters to it. */
export interface TokenRequest {
  readonly method: string;
  /** Path and query as they came, and the address they came to. */
  readonly url: string;
  readonly origin: string;
  readonly headers: IncomingHttpHeaders;
  /** A new GUID, which error answers carry. */
  readonly correlationId: string;
}

/** What the token endpoint knows of the app it serves. */
export interface Site {
  readonly host: Host;
  readonly identities: Identities;
  readonly secret: Secret;
  /** Whether every identity asked for is there: so when the tokens are the developer's own, whoever is asked for. */
  readonly anyIdentity: boolean;
}

/** The identity a caller asked for, by what name; without an id, the app's own. */
export type AskedIdentity =
  | { readonly kind: "systemAssigned" }
  | { readonly kind: IdentityIdKind; readonly id: string };

/** What a request asks for, as far as it can be read. */
export interface Ask {
  readonly apiVersion?: string;
  readonly resource?: string;
  readonly identity: AskedIdentity;
}

/** A token is due. */
export interface Grant {
  readonly kind: "grant";
  readonly apiVersion: ApiVersion;
  readonly resource: string;
  readonly identity: Identity;
}

/** No token: what the host says instead. */
export interface Denial {
  readonly kind: "deny";
  readonly refusal: RefusalName;
  readonly reply: Reply;
}

/** The most characters of a resource. */
const longestResource = 2048;

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const absoluteUri = /^[a-z][a-z\d+.-]*:[!-~]+$/i;
/** A host name without its scheme, the mistake people make. */
const bareHostName = /^[a-z\d-]+(?:\.[a-z\d-]+)+(?:\/[!-~]*)?$/i;

/** Reads what a request asks for. Where nothing can be made of it, the property is absent. */
export function readAsk(request: TokenRequest): Ask {
  const query = readQuery(request);
  const apiVersion = query.get("api-version");
  const resource = query.get("resource");
  return {
    ...(apiVersion === null ? {} : { apiVersion }),
    ...(resource === null ? {} : { resource }),
    identity: identityIds(query, apiVersion ?? "").find((asked) => asked.id !== "") ?? { kind: "systemAssigned" },
  };
}

/** Decides on a request to the token endpoint. Pure: the same request and site, the same answer. */
export function answer(request: TokenRequest, site: Site): Grant | Denial {
  const { host } = site;
  const query = readQuery(request);
  const deny = (refusal: RefusalName): Denial => ({ kind: "deny", refusal, reply: refuse(refusal, request, host) });

  if (request.method !== "GET") {
    return deny("wrong-verb");
  }
  const [apiVersion = "", ...otherVersions] = query.getAll("api-version");
  if (apiVersion === "" || otherVersions.length > 0) {
    return deny("missing-api-version");
  }
  if (!isApiVersion(apiVersion) || host.apiVersions[apiVersion] === undefined) {
    return deny("unsupported-api-version");
  }
  // After the API version: a host that lacks a version says so whatever the header (azure-sdk-for-net#16278).
  const presented = request.headers[protocols[apiVersion].secretHeader];
  if (!site.secret.matches(typeof presented === "string" ? presented : undefined)) {
    return deny("wrong-secret");
  }
  const [resource = "", ...otherResources] = query.getAll("resource");
  if (otherResources.length > 0) {
    return deny("missing-resource");
  }
  const resourceProblem = judgeResource(resource);
  if (resourceProblem !== undefined) {
    return deny(resourceProblem);
  }
  const identity = chooseIdentity(identityIds(query, apiVersion), site);
  return typeof identity === "string" ? deny(identity) : { kind: "grant", apiVersion, resource, identity };
}

/** The identity that the given ids name, or why there is none. */
function chooseIdentity(ids: ReturnType<typeof identityIds>, site: Site): Identity | RefusalName {
  const { host, identities } = site;
  const { systemAssigned, userAssigned } = identities;
  if (ids.length > 1) {
    return "several-ids";
  }
  const asked = ids[0];
  if (asked?.id === "" && host.refusals["empty-id"].status === 500) {
    return "empty-id";
  }
  if (asked === undefined || asked.id === "") {
    return systemAssigned ?? (site.anyIdentity ? stranger : "no-identity");
  }
  const known = host.systemAssignedById ? listIdentities(identities) : userAssigned;
  const unknown = site.anyIdentity ? { ...stranger, [asked.kind]: asked.id } : "unknown-identity";
  return findIdentity(known, asked.kind, asked.id) ?? unknown;
}

/** What is wrong with a resource, if anything. Which resources exist, only Microsoft Entra knows. */
function judgeResource(resource: string): "missing-resource" | "wrong-resource" | undefined {
  if (resource.length > longestResource) {
    return "missing-resource";
  }
  // A scope is no resource, nor is a host name: Entra does not find them, and the endpoint makes a 500 of that.
  if (bareHostName.test(resource) || (absoluteUri.test(resource) && resource.endsWith("/.default"))) {
    return "wrong-resource";
  }
  return absoluteUri.test(resource) || guid.test(resource) ? undefined : "missing-resource";
}

/** The ids a query holds, under the parameter names of its API version; names of the other version are not seen. */
function identityIds(query: URLSearchParams, apiVersion: string): { kind: IdentityIdKind; id: string }[] {
  if (!isApiVersion(apiVersion)) {
    return [];
  }
  return Object.entries(protocols[apiVersion].identityParameters).flatMap(([parameter, kind]) =>
    query.getAll(parameter).map((id) => ({ kind, id: id.trim() })),
  );
}

function readQuery(request: TokenRequest): URLSearchParams {
  const start = request.url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : request.url.slice(start));
}

/** A host's refusal as HTTP. */
export function refuse(refusalName: RefusalName, request: TokenRequest, host: Host): Reply {
  const refusal = host.refusals[refusalName];
  const { status, body, code } = refusal;
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

const plainText: Reply["headers"] = { "content-type": "text/plain; charset=utf-8" };

/** What App Service says when it could not get a token (the spelling is its own), and guesses for other statuses. */
const usualMessages: Readonly<Record<number, string>> = {
  404: "Not found.",
  429: "Too many requests.",
  500: "An unexpected error occured while fetching the AAD Token.",
};

function ownHeaders(request: TokenRequest, host: Host, more: Reply["headers"] = {}): Reply["headers"] {
  return { ...host.headers, "x-correlation-id": request.correlationId, ...more };
}

/** What a refusal says to this request. */
function wording({ message = "" }: Refusal, request: TokenRequest): string {
  const asked = readAsk(request).apiVersion ?? "";
  const text = typeof message === "string" ? message : message[isApiVersion(asked) ? asked : "2019-08-01"];
  return (text ?? "")
    .replace("{apiVersion}", () => asked)
    .replace("{uri}", () => `${request.origin}${decodeLeniently(request.url)}`)
    .replace("{address}", () => `${request.origin}${decodeLeniently(pathOf(request))}`);
}

/** The path of a request, without the query. */
export function pathOf(request: TokenRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
