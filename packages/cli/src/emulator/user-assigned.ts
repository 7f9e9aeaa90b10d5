import type { UserAssignedIdentityOptions } from "@appservice-msi/emulator";
import { UsageError } from "../failure.ts";
import { isGuid } from "../guid.ts";
import { readSpec } from "./settings.ts";

const keys = ["clientId", "objectId", "resourceId"];

/**
 * A user-assigned identity as people write it: a name, a client id or a resource id, and what else matters after it:
 * `orders,clientId=…,objectId=…`. The emulator derives the rest from the name.
 *
 * @throws UsageError for settings that there are not.
 */
export function toUserAssigned(spec: string): UserAssignedIdentityOptions {
  const { name, settings } = readSpec(spec);
  const unknown = Object.keys(settings).find((key) => !keys.includes(key));
  if (name === "" || unknown !== undefined) {
    throw new UsageError(`"${spec}" is no identity. Write it as name[,clientId=…][,objectId=…][,resourceId=…].`);
  }
  if (isGuid(name)) {
    return { clientId: name, ...settings };
  }
  return name.startsWith("/")
    ? { name: name.slice(name.lastIndexOf("/") + 1), resourceId: name, ...settings }
    : { name, ...settings };
}
