import { createHash } from "node:crypto";
import type { IdentityIdKind } from "./protocols.ts";

/** A managed identity that the emulated app has. */
export interface Identity {
  /** The application id: `appid` in its tokens. */
  readonly clientId: string;
  /** The object id of its service principal: `oid` in its tokens. */
  readonly objectId: string;
  /** Its Azure resource id: `xms_mirid` in its tokens. */
  readonly resourceId: string;
  readonly name: string;
}

/** The identities of the emulated app. */
export interface Identities {
  /** Absent when the app has no system-assigned identity. */
  readonly systemAssigned?: Identity;
  readonly userAssigned: readonly Identity[];
}

/** A user-assigned identity as an option: what is left out is derived from the name, the same on every machine. */
export type UserAssignedIdentityOptions =
  | (Partial<Identity> & Pick<Identity, "name">)
  | (Partial<Identity> & Pick<Identity, "clientId">);

/** The tenant of every identity unless another is given. */
export const defaultTenantId = "11111111-1111-4111-8111-111111111111";

const resourceGroup = "/subscriptions/00000000-0000-4000-8000-000000000000/resourcegroups/emulator";

/** The user-assigned identity an app has unless others are given. */
export const defaultUserAssigned: Identity = {
  clientId: "c0000000-0000-4000-8000-000000000001",
  objectId: "c0000000-0000-4000-8000-000000000002",
  resourceId: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/user-assigned`,
  name: "user-assigned",
};

/** An identity that no app has: what a wrong answer carries when there is no other identity to mistake it for. */
export const stranger: Identity = {
  clientId: "dead0000-0000-4000-8000-000000000001",
  objectId: "dead0000-0000-4000-8000-000000000002",
  resourceId: `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/stranger`,
  name: "stranger",
};

/** The system-assigned identity of an app that is a resource of the given type, such as `Microsoft.Web/sites`. */
export function systemAssignedIdentity(resourceType: string): Identity {
  return {
    clientId: "a0000000-0000-4000-8000-000000000001",
    objectId: "a0000000-0000-4000-8000-000000000002",
    resourceId: `${resourceGroup}/providers/${resourceType}/emulated-app`,
    name: "system-assigned",
  };
}

/** All identities, the system-assigned one first. */
export function listIdentities({ systemAssigned, userAssigned }: Identities): readonly Identity[] {
  return systemAssigned ? [systemAssigned, ...userAssigned] : userAssigned;
}

/** Fills in what the options leave out. */
export function toUserAssignedIdentity(options: UserAssignedIdentityOptions): Identity {
  const name = options.name ?? `identity-${options.clientId?.slice(0, 8)}`;
  return {
    clientId: options.clientId ?? guidFrom(`${name} client id`),
    objectId: options.objectId ?? guidFrom(`${name} object id`),
    resourceId:
      options.resourceId ?? `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    name,
  };
}

/** The identity with that id. Ids are compared without regard to letter case, as Azure compares them. */
export function findIdentity(identities: readonly Identity[], kind: IdentityIdKind, id: string): Identity | undefined {
  const wanted = id.toLowerCase();
  return identities.find((identity) => identity[kind].toLowerCase() === wanted);
}

function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
