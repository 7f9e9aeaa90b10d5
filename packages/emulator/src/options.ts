import { randomUUID } from "node:crypto";
import { type HostName, hosts } from "./hosts.ts";
import type { TokenOrigin } from "./journal.ts";
import {
  defaultTenantId,
  defaultUserAssigned,
  type Identity,
  toUserAssignedIdentity,
  type UserAssignedIdentityOptions,
} from "./identities.ts";

/** How to start an emulator. */
export interface EmulatorOptions {
  /** The port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** The value of `IDENTITY_HEADER`. Default: a new random one. */
  readonly secret?: string;
  /** Which Azure service to play. Default: `"app-service-linux"`. */
  readonly host?: HostName;
  /** Whether the app has a system-assigned identity. Default: `true`. */
  readonly systemAssigned?: boolean;
  /** The app's user-assigned identities. Default: one, with fixed ids. */
  readonly userAssigned?: readonly UserAssignedIdentityOptions[];
  /** The tenant of the identities, a GUID. Default: a fixed one. */
  readonly tenantId?: string;
  /** How long a token lives, in milliseconds. Default: 24 hours. */
  readonly tokenLifetimeInMs?: number;
  /**
   * `"azure-cli"` or `"default"`: hand out the developer's own tokens instead of the emulator's, so that an unchanged app
   * reaches real Azure. `"default"` is `DefaultAzureCredential` without managed identity. Needs `@azure/identity`.
   * Default: `"emulator"`.
   */
  readonly tokensFrom?: TokenOrigin;
  /** Whether one token is handed out again and again until shortly before it expires, as on Azure. Default: `true`. */
  readonly platformCache?: boolean;
}

/** The options with every default filled in. */
export interface Settings {
  readonly port: number;
  readonly secret: string;
  readonly host: HostName;
  readonly systemAssigned: boolean;
  readonly userAssigned: readonly Identity[];
  readonly tenantId: string;
  readonly tokenLifetimeInMs: number;
  readonly tokensFrom: TokenOrigin;
  readonly platformCache: boolean;
}

/** Token lifetime of managed identities: about a day. */
const defaultTokenLifetimeInMs = 24 * 60 * 60_000;

/** A year: no token lives longer, and every date stays one that can be written. */
const longestTokenLifetimeInMs = 365 * 24 * 60 * 60_000;

const tokenOrigins: readonly unknown[] = ["emulator", "azure-cli", "default"] satisfies TokenOrigin[];

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const headerValue = /^[!-~]+$/;

/** One check per option: whether a value will do, and what to say when not. */
const rules: Readonly<Record<keyof EmulatorOptions, { accepts(value: unknown): boolean; wanted: string }>> = {
  port: { accepts: (value) => isInteger(value, 0, 65_535), wanted: "a port number from 0 to 65535" },
  secret: {
    accepts: (value) => typeof value === "string" && headerValue.test(value),
    wanted: "text that a header may carry: visible ASCII characters, at least one",
  },
  host: {
    accepts: (value) => typeof value === "string" && Object.hasOwn(hosts, value),
    wanted: `one of ${Object.keys(hosts).join(", ")}`,
  },
  systemAssigned: { accepts: isBoolean, wanted: "true or false" },
  userAssigned: {
    accepts: (value) => Array.isArray(value) && value.every(isIdentityOptions),
    wanted: "a list of { clientId, objectId, resourceId, name } of texts, each with a name or a clientId at least",
  },
  tenantId: { accepts: (value) => typeof value === "string" && guid.test(value), wanted: "a GUID" },
  tokenLifetimeInMs: {
    accepts: (value) => isInteger(value, 1000, longestTokenLifetimeInMs),
    wanted: `a whole number of milliseconds from 1000 to ${longestTokenLifetimeInMs}`,
  },
  tokensFrom: { accepts: (value) => tokenOrigins.includes(value), wanted: `one of ${tokenOrigins.join(", ")}` },
  platformCache: { accepts: isBoolean, wanted: "true or false" },
};

const ruleByName = new Map(Object.entries(rules));

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option that is wrong.
 */
export function toSettings(options: EmulatorOptions): Settings {
  checkOptions(options);
  const userAssigned = (options.userAssigned ?? [defaultUserAssigned]).map(toUserAssignedIdentity);
  checkDistinct(userAssigned);
  return {
    port: options.port ?? 0,
    secret: options.secret ?? randomUUID(),
    host: options.host ?? "app-service-linux",
    systemAssigned: options.systemAssigned ?? true,
    userAssigned,
    tenantId: options.tenantId ?? defaultTenantId,
    tokenLifetimeInMs: options.tokenLifetimeInMs ?? defaultTokenLifetimeInMs,
    tokensFrom: options.tokensFrom ?? "emulator",
    platformCache: options.platformCache ?? true,
  };
}

function checkOptions(options: EmulatorOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("startEmulator() takes an object of options, or nothing");
  }
  for (const [name, value] of Object.entries(options)) {
    const rule = ruleByName.get(name);
    if (rule === undefined) {
      throw new TypeError(`there is no option "${name}"; the options are ${Object.keys(rules).join(", ")}`);
    }
    if (value !== undefined && !rule.accepts(value)) {
      throw new TypeError(`the option "${name}" takes ${rule.wanted}`);
    }
  }
}

function checkDistinct(identities: readonly Identity[]): void {
  for (const property of ["clientId", "objectId", "resourceId"] as const) {
    const ids = identities.map((identity) => identity[property].toLowerCase());
    if (new Set(ids).size < ids.length) {
      throw new TypeError(`two identities in the option "userAssigned" have the same ${property}`);
    }
  }
}

function isIdentityOptions(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("name" in value || "clientId" in value)) {
    return false;
  }
  return Object.entries(value).every(
    ([name, text]) =>
      ["clientId", "objectId", "resourceId", "name"].includes(name) && typeof text === "string" && text !== "",
  );
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isInteger(value: unknown, lowest: number, highest: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= lowest && value <= highest;
}
