import type { Endpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";
import { describeIdentity, type Identity } from "./identity.ts";
import type { Protocol } from "./protocol.ts";

/** What is asked of the endpoint, whichever API version carries it. */
export interface Question {
  readonly resource: string;
  readonly identity: Identity;
}

/** A GET request to the identity endpoint. */
export interface WireRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The request that asks the endpoint, in one API version: version, header and parameter always change together.
 *
 * @throws AppServiceMsiError `UNSUPPORTED_IDENTITY` when the version cannot carry the identity. Leaving the id out would
 * get a token of the system-assigned identity.
 */
export function buildRequest(protocol: Protocol, endpoint: Endpoint, question: Question): WireRequest {
  const { resource, identity } = question;
  const url = new URL(endpoint.url); // a query that the URL already has is kept
  url.searchParams.set("api-version", protocol.apiVersion);
  url.searchParams.set("resource", resource);
  if (identity.kind !== "systemAssigned") {
    const parameter = protocol.identityParameters[identity.kind];
    if (parameter === undefined) {
      throw unsupportedIdentity(protocol, endpoint, identity);
    }
    url.searchParams.set(parameter, identity.id);
  }
  return {
    url: url.href,
    // App Service does not look at `metadata`; Azure Automation and Azure ML want it.
    headers: { accept: "application/json", metadata: "true", [protocol.secretHeader]: endpoint.secret },
  };
}

/** Whether the API version can carry the identity. */
export function canCarry(protocol: Protocol, identity: Identity): boolean {
  return identity.kind === "systemAssigned" || protocol.identityParameters[identity.kind] !== undefined;
}

/** The answer in the API version that was asked first, for an error after that. */
export interface FirstAnswer {
  /** In a sentence. */
  readonly before: string;
  /** As the error it would have been. */
  readonly cause: AppServiceMsiError;
}

/** The error for an identity that an API version cannot carry. */
export function unsupportedIdentity(
  protocol: Protocol,
  endpoint: Endpoint,
  identity: Identity,
  firstAnswer?: FirstAnswer,
): AppServiceMsiError {
  const cause = firstAnswer?.cause;
  return new AppServiceMsiError(
    "UNSUPPORTED_IDENTITY",
    `The ${describeIdentity(identity)} cannot be asked for in API version ${protocol.apiVersion}, which is the one to ask in ${endpoint.urlVariable} (${endpoint.origin}): it knows client ids only. Name the identity by its client id (managedIdentityClientId).${firstAnswer ? ` ${firstAnswer.before}` : ""}`,
    { apiVersion: protocol.apiVersion, statusCode: cause?.statusCode, correlationId: cause?.correlationId, cause },
  );
}
