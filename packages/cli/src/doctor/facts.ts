import type { ApiVersion, AppServiceMsiError } from "@appservice-msi/credential";
import type { TokenClaims } from "../claims.ts";
import type { AzureHost } from "../identity/azure-host.ts";
import type { Environment } from "../io.ts";
import type { EndpointAnswer } from "../token/endpoint-answers.ts";

/** What one request to the endpoint brought. */
export interface Probe {
  readonly apiVersion: ApiVersion;
  /** Whether there was a token. */
  readonly granted: boolean;
  /** What the token says. Absent without a token, and when it cannot be read. */
  readonly claims?: TokenClaims | undefined;
  /** Why there was none. */
  readonly error?: AppServiceMsiError;
  /** The endpoint's answer. Absent when there was none. */
  readonly answer?: EndpointAnswer | undefined;
}

/** The identity that was asked for. */
export interface AskedIdentity {
  readonly kind: "clientId" | "objectId" | "resourceId" | "systemAssigned";
  /** Empty for the system-assigned one. */
  readonly id: string;
  /** The option or variable that names it. */
  readonly namedBy: string;
}

/** All that the checks look at, gathered once. */
export interface Facts {
  readonly env: Environment;
  readonly host: AzureHost;
  /** Name of the variable whose endpoint is asked. Absent when no pair of variables is complete. */
  readonly endpointVariable: "IDENTITY_ENDPOINT" | "MSI_ENDPOINT" | undefined;
  /** The resource as it was given, and as it is asked for. */
  readonly resource: { readonly given: string; readonly asked: string };
  readonly identity: AskedIdentity;
  /** One request in each API version, the one first that the variables suggest. None when there is no endpoint to ask. */
  readonly probes: readonly Probe[];
  /** The same id asked for as the other kind, client id or object id, where it was not found as the one. */
  readonly asOtherKind: Probe | undefined;
  /** A token older than this is worth a word. */
  readonly staleAfterInMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The pairs of variables, newest first. */
export const variablePairs = [
  ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"],
  ["MSI_ENDPOINT", "MSI_SECRET"],
] as const;

/** Whether a variable has a value that is not blank. */
export function isFilled(env: Environment, name: string): boolean {
  return (env[name] ?? "").trim() !== "";
}

/** The variable whose endpoint is asked: that of the first complete pair. */
export function findEndpointVariable(env: Environment): Facts["endpointVariable"] {
  return variablePairs.find((pair) => pair.every((name) => isFilled(env, name)))?.[0];
}
