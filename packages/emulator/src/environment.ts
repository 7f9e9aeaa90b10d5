import type { Host, VariableName } from "./hosts.ts";
import { type Identities, listIdentities } from "./identities.ts";

/** The environment variables that the host sets for the app. */
export type EmulatorEnv = { readonly [name in VariableName]?: string };

/** Where and how the app reaches the emulated endpoint. */
export function environmentOf(host: Host, baseUrl: string, secret: string, identities: Identities): EmulatorEnv {
  const endpoint = `${baseUrl}${host.path}`;
  const values: Readonly<Record<VariableName, string | undefined>> = {
    IDENTITY_ENDPOINT: endpoint,
    IDENTITY_HEADER: secret,
    MSI_ENDPOINT: endpoint,
    MSI_SECRET: secret,
    DEFAULT_IDENTITY_CLIENT_ID: listIdentities(identities)[0]?.clientId,
  };
  return Object.fromEntries(
    host.variables.map((name) => [name, values[name]]).filter(([, value]) => value !== undefined),
  );
}
