import type { IncomingHttpHeaders } from "node:http";
import { type IdentityIdKind, isApiVersion, protocols } from "./protocols.ts";

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

/** An id of an identity, and which of its ids that is. */
export interface IdentityId {
  readonly kind: IdentityIdKind;
  readonly id: string;
}

/** The identity a caller asked for; without an id, the app's own. */
export type AskedIdentity = { readonly kind: "systemAssigned" } | IdentityId;

/** What a request asks for, as far as it can be read. */
export interface Ask {
  readonly apiVersion?: string;
  readonly resource?: string;
  readonly identity: AskedIdentity;
}

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

/** The ids a query holds, under the parameter names of its API version; names of the other version are not seen. */
export function identityIds(query: URLSearchParams, apiVersion: string): IdentityId[] {
  if (!isApiVersion(apiVersion)) {
    return [];
  }
  return Object.entries(protocols[apiVersion].identityParameters).flatMap(([parameter, kind]) =>
    query.getAll(parameter).map((id) => ({ kind, id: id.trim() })),
  );
}

/** The query of a request. */
export function readQuery(request: TokenRequest): URLSearchParams {
  const start = request.url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : request.url.slice(start));
}

/** The path of a request, without the query. */
export function pathOf(request: TokenRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}
