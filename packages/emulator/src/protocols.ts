/** An API version of the identity endpoint. */
export type ApiVersion = "2019-08-01" | "2017-09-01";

/** How a caller may name an identity. */
export type IdentityIdKind = "clientId" | "objectId" | "resourceId";

/** What a request of one API version looks like. */
interface Protocol {
  readonly apiVersion: ApiVersion;
  /** The request header that carries the secret, in lower case. */
  readonly secretHeader: string;
  /** Query parameters that name an identity. Any other parameter is ignored, as the real endpoint ignores it. */
  readonly identityParameters: Readonly<Record<string, IdentityIdKind>>;
}

/**
 * The two API versions, as documented at
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * (`object_id` is the documented alias of `principal_id`).
 */
export const protocols: Readonly<Record<ApiVersion, Protocol>> = {
  "2019-08-01": {
    apiVersion: "2019-08-01",
    secretHeader: "x-identity-header",
    identityParameters: {
      client_id: "clientId",
      principal_id: "objectId",
      object_id: "objectId",
      mi_res_id: "resourceId",
    },
  },
  "2017-09-01": {
    apiVersion: "2017-09-01",
    secretHeader: "secret",
    identityParameters: { clientid: "clientId" },
  },
};

/** Whether there is such an API version on any host. */
export function isApiVersion(value: string | undefined): value is ApiVersion {
  return value !== undefined && Object.hasOwn(protocols, value);
}
