/** A version of the App Service identity endpoint's protocol, as its `api-version` parameter spells it. */
export type ApiVersion = "2019-08-01" | "2017-09-01";

/** How an identity can be named in a request. The system-assigned identity is the one asked for by naming none. */
export type IdentityKind = "clientId" | "resourceId" | "objectId";

/** All that differs between two API versions, as data: code that needs to know asks the table. */
export interface Protocol {
  readonly apiVersion: ApiVersion;
  /** Name of the header that carries the secret. */
  readonly secretHeader: string;
  /** Query parameter for each kind of identity; a kind that the version cannot carry is absent. */
  readonly identityParameters: Readonly<Partial<Record<IdentityKind, string>>>;
}

/**
 * The API versions.
 *
 * Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference for 2019-08-01;
 * the same page before 2020 for 2017-09-01. For the object id the page gives `principal_id` and its alias `object_id`;
 * the alias is what the Azure SDKs send, so it is the one the field has tried.
 */
export const protocols: Readonly<Record<ApiVersion, Protocol>> = {
  "2019-08-01": {
    apiVersion: "2019-08-01",
    secretHeader: "x-identity-header",
    identityParameters: { clientId: "client_id", resourceId: "mi_res_id", objectId: "object_id" },
  },
  // No underscore in `clientid`: the endpoint ignores a parameter it does not know and answers for another identity.
  "2017-09-01": {
    apiVersion: "2017-09-01",
    secretHeader: "secret",
    identityParameters: { clientId: "clientid" },
  },
};

/** Names of the variables that hold the URL and the secret, and the API version to ask first where they are set. */
export interface VariablePair {
  readonly endpoint: string;
  readonly secret: string;
  readonly apiVersion: ApiVersion;
}

/** Pairs of variables a host sets, in order of preference. They are never mixed. */
export const variablePairs: readonly VariablePair[] = [
  { endpoint: "IDENTITY_ENDPOINT", secret: "IDENTITY_HEADER", apiVersion: "2019-08-01" },
  { endpoint: "MSI_ENDPOINT", secret: "MSI_SECRET", apiVersion: "2017-09-01" },
];

/** The API version that is left when the given one is not supported. */
export function otherApiVersion(apiVersion: ApiVersion): ApiVersion {
  return apiVersion === "2019-08-01" ? "2017-09-01" : "2019-08-01";
}
