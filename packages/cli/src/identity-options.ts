import type { IdentityOptions } from "@appservice-msi/credential";
import { type Options, type Values } from "./command.ts";
import { UsageError } from "./failure.ts";

/** The options that name a user-assigned identity. */
export const identityOptions = {
  clientId: {
    kind: "text",
    value: "id",
    defaultSummary: "AZURE_CLIENT_ID",
    summary: 'client id of the user-assigned identity; "" is the system-assigned one',
  },
  objectId: { kind: "text", value: "id", summary: "its object (principal) id instead; 2019-08-01 only" },
  resourceId: { kind: "text", value: "id", summary: "its resource id instead, /subscriptions/…; 2019-08-01 only" },
} as const satisfies Options;

/** The options as they are typed. */
export const identityFlags = { clientId: "--client-id", objectId: "--object-id", resourceId: "--resource-id" } as const;

/**
 * The identity that was asked for, in the credential's terms.
 *
 * @throws UsageError when more than one id is given, or one is blank.
 */
export function toIdentity(options: Values<typeof identityOptions>): IdentityOptions {
  const given = (["clientId", "objectId", "resourceId"] as const).filter((kind) => options[kind] !== undefined);
  if (given.length > 1) {
    const names = given.map((kind) => identityFlags[kind]).join(" and ");
    throw new UsageError(`${names} are given, and a token is for one identity. Keep one of them.`);
  }
  const [kind] = given;
  if (kind === undefined) {
    return {};
  }
  const id = options[kind] ?? "";
  if (id.trim() === "" && (id !== "" || kind !== "clientId")) {
    throw new UsageError(
      `${identityFlags[kind]} is blank. Give an id, or --client-id "" for the system-assigned identity.`,
    );
  }
  return { [kind]: id };
}
