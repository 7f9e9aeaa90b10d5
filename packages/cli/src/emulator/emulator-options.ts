import type { Emulator, EmulatorOptions, HostName, TokenOrigin } from "@appservice-msi/emulator";
import type { Options, Values } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { toFailure } from "./emulator-errors.ts";
import { faultNames } from "./fault-names.ts";
import { toFault } from "./fault-settings.ts";
import { readSpec } from "./settings.ts";
import { toUserAssigned } from "./user-assigned.ts";

const hosts = [
  "app-service-linux",
  "app-service-windows",
  "functions-linux-consumption",
  "container-apps",
  "azure-ml",
] as const satisfies readonly HostName[];

const origins = ["emulator", "azure-cli", "default"] as const satisfies readonly TokenOrigin[];

/** The options of a command that starts an emulator. */
export const emulatorOptions = {
  host: {
    kind: "text",
    value: "host",
    choices: hosts,
    default: hosts[0],
    summary: "the Azure service to play: its variables, API versions, dates and errors",
  },
  userAssigned: {
    kind: "list",
    value: "identity",
    summary:
      "a user-assigned identity, name[,clientId=…][,objectId=…][,resourceId=…], in place of the usual one; may be repeated",
  },
  systemAssigned: { kind: "flag", negated: true, summary: "leave the system-assigned identity out" },
  fault: {
    kind: "list",
    value: "fault",
    suggestions: faultNames,
    summary: "a fault to begin with, name[,setting=value…] as in fault arm; may be repeated",
  },
  tokensFrom: {
    kind: "text",
    value: "origin",
    choices: origins,
    default: origins[0],
    summary:
      "hand out real tokens of your own login: from az login, or by DefaultAzureCredential; @azure/identity has to be installed",
  },
} as const satisfies Options;

/**
 * Starts an emulator with its faults armed.
 *
 * @throws UsageError for options that the emulator refuses, Failure when it cannot start.
 */
export async function startWith(
  options: Values<typeof emulatorOptions>,
  more: Pick<EmulatorOptions, "port"> = {},
): Promise<Emulator> {
  const { startEmulator } = await import("@appservice-msi/emulator");
  const { host, systemAssigned, tokensFrom, userAssigned } = options;
  const identities = userAssigned.length === 0 ? {} : { userAssigned: userAssigned.map(toUserAssigned) };
  let emulator: Emulator | undefined;
  try {
    emulator = await startEmulator({ host, systemAssigned, tokensFrom, ...identities, ...more });
    armFaults(emulator, options.fault);
    return emulator;
  } catch (error) {
    await emulator?.close();
    throw toFailure(error, () => exitCodes.unexpected);
  }
}

function armFaults({ faults }: Emulator, specs: readonly string[]): void {
  const known = faults.list();
  const wanted = specs.map((spec) => toFault(readSpec(spec), known));
  wanted.forEach(({ name, options }) => faults.arm(name, options));
}
