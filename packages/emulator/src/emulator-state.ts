import type { ArmedFault } from "./armed-faults.ts";
import { hosts, type HostName, type VariableName } from "./hosts.ts";
import type { Emulator } from "./emulator.ts";
import type { Identities } from "./identities.ts";
import type { TokenOrigin } from "./journal.ts";

/** An emulator at one moment, as the control API tells it: everything but the secret and the requests. */
export interface EmulatorState {
  readonly url: string;
  readonly host: HostName;
  /** The host's name for people. */
  readonly hostTitle: string;
  /** Where the token endpoint is. */
  readonly endpoint: string;
  /** Which variables the host sets. */
  readonly variables: readonly VariableName[];
  readonly apiVersions: readonly string[];
  readonly tenantId: string;
  readonly tokensFrom: TokenOrigin;
  readonly identities: Identities;
  readonly clock: { readonly now: number; readonly frozen: boolean };
  readonly armed: readonly ArmedFault[];
}

/** Describes an emulator. */
export function describeEmulator(emulator: Emulator): EmulatorState {
  const { url, host, tenantId, tokensFrom, identities, clock, faults } = emulator;
  const { title, path, variables, apiVersions } = hosts[host];
  return {
    url,
    host,
    hostTitle: title,
    endpoint: `${url}${path}`,
    variables,
    apiVersions: Object.keys(apiVersions),
    tenantId,
    tokensFrom,
    identities,
    clock: { now: clock.now(), frozen: clock.frozen },
    armed: faults.armed(),
  };
}
