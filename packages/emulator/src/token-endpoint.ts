import type { Answers, Host, RefusalName } from "./hosts.ts";
import { findIdentity, type Identities, type Identity, listIdentities, stranger } from "./identities.ts";
import type { Reply } from "./outcome.ts";
import { type ApiVersion, isApiVersion, protocols } from "./protocols.ts";
import { refuse } from "./refusals.ts";
import type { Secret } from "./secret.ts";
import { type IdentityId, identityIds, readQuery, type TokenRequest } from "./token-request.ts";

/** What the token endpoint knows of the app it serves. */
export interface Site {
  readonly host: Host;
  readonly identities: Identities;
  readonly secret: Secret;
  /** Whether every identity asked for is there: so when the tokens are the developer's own, whoever is asked for. */
  readonly anyIdentity: boolean;
}

/** A token is due. */
export interface Grant {
  readonly kind: "grant";
  readonly apiVersion: ApiVersion;
  /** How the host answers in that version. */
  readonly answers: Answers;
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
  const answers = isApiVersion(apiVersion) ? host.apiVersions[apiVersion] : undefined;
  if (!isApiVersion(apiVersion) || answers === undefined) {
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
  const identity = chooseIdentity(identityIds(query, apiVersion), answers, site);
  return typeof identity === "string" ? deny(identity) : { kind: "grant", apiVersion, answers, resource, identity };
}

/** The identity that the given ids name, or why there is none. */
function chooseIdentity(ids: readonly IdentityId[], answers: Answers, site: Site): Identity | RefusalName {
  const { host, identities } = site;
  const { systemAssigned, userAssigned } = identities;
  if (ids.length > 1) {
    return "several-ids";
  }
  const asked = ids[0];
  if (asked?.id === "" && host.refusals["empty-id"] !== undefined) {
    return "empty-id";
  }
  if (asked === undefined || asked.id === "") {
    return systemAssigned ?? (site.anyIdentity ? stranger : "no-identity");
  }
  const known = host.systemAssignedById ? listIdentities(identities) : userAssigned;
  return findIdentity(known, asked.kind, asked.id) ?? insteadOf(asked, answers, site);
}

/** What comes when there is no identity with the id. */
function insteadOf(asked: IdentityId, answers: Answers, site: Site): Identity | RefusalName {
  if (site.anyIdentity) {
    return { ...stranger, [asked.kind]: asked.id };
  }
  // In 2017-09-01 the app's own identity stands in for one that is not there, with status 200.
  const ofApp = answers.unknownIdentity === "system-assigned" ? site.identities.systemAssigned : undefined;
  return ofApp ?? "unknown-identity";
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
