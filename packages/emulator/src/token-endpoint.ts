import type { IncomingHttpHeaders } from "node:http";
import type { Host, Refusal, RefusalName } from "./hosts.ts";
import { findIdentity, type Identities, type Identity } from "./identities.ts";
import type { Reply } from "./outcome.ts";
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
    return systemAssigned ?? "no-identity";
  }
  const known = host.systemAssignedById && systemAssigned ? [systemAssigned, ...userAssigned] : userAssigned;
  return findIdentity(known, asked.kind, asked.id) ?? "unknown-identity";
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
  const asked = readQuery(request).get("api-version") ?? "";
  const body = refusalBody(refusal, asked, request, host);
  return {
    kind: "respond",
    status: refusal.status,
    headers: {
      ...host.headers,
      "x-correlation-id": request.correlationId,
      ...(refusalName === "wrong-verb" ? { allow: "GET" } : {}),
      ...(body === ""
        ? {}
        : { "content-type": refusal.body === "text" ? "text/plain" : "application/json; charset=utf-8" }),
    },
    body,
  };
}

function refusalBody(refusal: Refusal, asked: string, request: TokenRequest, host: Host): string {
  const text =
    typeof refusal.message === "object" ? refusal.message[isApiVersion(asked) ? asked : "2019-08-01"] : refusal.message;
  const message = (text ?? "")
    .replace("{apiVersion}", () => asked)
    .replace("{uri}", () => `${request.origin}${decodeLeniently(request.url)}`);
  switch (refusal.body) {
    case "empty":
      return "";
    case "text":
      return message;
    case "versioning":
      return JSON.stringify({ error: { code: refusal.code, message, innerError: null } });
    default:
      return JSON.stringify(messageBody(refusal.status, message, request.correlationId, asked, host));
  }
}

/** The endpoint's own error body, in the letter case of the API version. */
function messageBody(statusCode: number, message: string, correlationId: string, asked: string, host: Host): object {
  const names = isApiVersion(asked) ? host.apiVersions[asked]?.errorNames : undefined;
  return names === "PascalCase"
    ? { StatusCode: statusCode, Message: message, CorrelationId: correlationId }
    : { statusCode, message, correlationId };
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
