import type { Environment } from "./endpoint.ts";
import { printable } from "./printable.ts";
import type { IdentityKind } from "./protocol.ts";

/** The identity whose token is wanted: a user-assigned one by its id, or the system-assigned one. */
export type Identity = { readonly kind: IdentityKind; readonly id: string } | { readonly kind: "systemAssigned" };

/** The options that name an identity: those of `DefaultAzureCredential`, then those of `ManagedIdentityCredential`. */
export interface IdentityOptions {
  /** Client id of the user-assigned identity. `""` selects the system-assigned one. Default: `AZURE_CLIENT_ID` if set. */
  managedIdentityClientId?: string | undefined;
  /** Azure resource id (`/subscriptions/…`) of the user-assigned identity. 2019-08-01 only. */
  managedIdentityResourceId?: string | undefined;
  /** Object (principal) id of the user-assigned identity. 2019-08-01 only. */
  managedIdentityObjectId?: string | undefined;
  /** The same as `managedIdentityClientId`, as `ManagedIdentityCredential` spells it. */
  clientId?: string | undefined;
  /** The same as `managedIdentityResourceId`, as `ManagedIdentityCredential` spells it. */
  resourceId?: string | undefined;
  /** The same as `managedIdentityObjectId`, as `ManagedIdentityCredential` spells it. */
  objectId?: string | undefined;
}

const optionKinds = {
  managedIdentityClientId: "clientId",
  managedIdentityResourceId: "resourceId",
  managedIdentityObjectId: "objectId",
  clientId: "clientId",
  resourceId: "resourceId",
  objectId: "objectId",
} as const satisfies Record<keyof IdentityOptions, IdentityKind>;

type OptionName = keyof typeof optionKinds;

/** What each kind of id is called in a sentence. */
const idNames = { clientId: "client id", resourceId: "resource id", objectId: "object id" } as const;

/**
 * The identity that options and environment choose. An option that is `""` means "no id", as it does for
 * `DefaultAzureCredential`: the system-assigned identity, and `AZURE_CLIENT_ID` is then not looked at.
 *
 * @throws TypeError when more than one id is given, or one is no string or blank.
 */
export function chooseIdentity(options: IdentityOptions, env: Environment): Identity {
  const given = Object.entries(optionKinds).flatMap(([name, kind]) => readId(options, name as OptionName, kind));
  const named = given.filter(({ id }) => id !== "");
  if (named.length > 1) {
    const names = named.map(({ name }) => name).join(" and ");
    throw new TypeError(`${names} are given, and an app asks for one identity at a time. Keep one of them.`);
  }
  const [chosen] = named;
  if (chosen !== undefined) {
    return { kind: chosen.kind, id: chosen.id };
  }
  const clientId = given.length === 0 ? (env["AZURE_CLIENT_ID"]?.trim() ?? "") : "";
  return clientId === "" ? { kind: "systemAssigned" } : { kind: "clientId", id: clientId };
}

/** The identity in words fit to be shown: `system-assigned identity`, `user-assigned identity with client id 1111…`. */
export function describeIdentity(identity: Identity): string {
  return identity.kind === "systemAssigned"
    ? "system-assigned identity"
    : `user-assigned identity with ${idNames[identity.kind]} ${printable(identity.id)}`;
}

/** The id that the option gives, if it is there at all; `""` is an answer too. */
function readId(
  options: IdentityOptions,
  name: OptionName,
  kind: IdentityKind,
): { name: string; kind: IdentityKind; id: string }[] {
  const id: unknown = options[name];
  if (id == null) {
    return [];
  }
  if (typeof id !== "string") {
    throw new TypeError(`${name} must be a string.`);
  }
  if (id !== "" && id.trim() === "") {
    throw new TypeError(`${name} is blank. Give an id, or "" for the system-assigned identity.`);
  }
  return [{ name, kind, id }];
}
