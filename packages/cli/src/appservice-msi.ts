import { completeCommand, completionCommand } from "./completion/completion-commands.ts";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { emulatorCommand } from "./emulator/emulator-command.ts";
import { execCommand } from "./emulator/exec-command.ts";
import { faultCommands } from "./emulator/fault-commands.ts";
import { journalCommand } from "./emulator/journal-command.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";
import { envCommand } from "./identity/env-command.ts";
import { whoamiCommand } from "./identity/whoami-command.ts";
import { packageVersion } from "./package-version.ts";
import type { Program } from "./program.ts";
import { tokenCommand } from "./token/token-command.ts";

/** The command `appservice-msi`, as data. */
export const appserviceMsi: Program = {
  name: "appservice-msi",
  version: packageVersion,
  summary:
    "Managed identity on Azure App Service, Functions and Container Apps: gets tokens, says who this is and what is wrong, and runs the endpoint on your own machine.",
  commands: [
    tokenCommand,
    whoamiCommand,
    envCommand,
    doctorCommand,
    emulatorCommand,
    execCommand,
    ...faultCommands,
    journalCommand,
    completionCommand,
    completeCommand(() => appserviceMsi),
  ],
  groups: { fault: "Arms, lists and clears the faults of a running emulator." },
  notes: [
    {
      title: "Exit codes",
      text: {
        ...Object.fromEntries(
          Object.entries(exitCodes).map(([name, code]) => [code, exitCodeMeanings[name as keyof typeof exitCodes]]),
        ),
        exec: "that of the command it ran",
      },
    },
  ],
  examples: [
    { line: "appservice-msi doctor", does: "what is wrong here" },
    { line: "appservice-msi token --resource storage", does: "a token, inside an app that has an identity" },
    {
      line: "appservice-msi exec -- appservice-msi token --resource storage",
      does: "the same at a desk, from an emulator",
    },
    {
      line: "appservice-msi exec --fault status-503 -- appservice-msi doctor",
      does: "a broken endpoint, and what the doctor makes of it",
    },
  ],
};
