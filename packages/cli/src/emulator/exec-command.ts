import type { Emulator } from "@appservice-msi/emulator";
import { defineCommand, type Options } from "../command.ts";
import type { Environment } from "../io.ts";
import { plain } from "../plain-text.ts";
import { emulatorOptions, startWith } from "./emulator-options.ts";
import { warning } from "./emulator-command.ts";
import { variablesOf } from "./variable-exports.ts";

const options = emulatorOptions satisfies Options;

/** Variables of another host's endpoint: an app that saw them beside the emulator's would go astray. */
const foreignVariables = [
  "IDENTITY_ENDPOINT",
  "IDENTITY_HEADER",
  "MSI_ENDPOINT",
  "MSI_SECRET",
  "IDENTITY_SERVER_THUMBPRINT",
  "IMDS_ENDPOINT",
  "DEFAULT_IDENTITY_CLIENT_ID",
];

/** `appservice-msi exec` */
export const execCommand = defineCommand({
  name: "exec",
  summary: "Runs a command with an emulator of its own, and returns its exit code.",
  operands: [
    { name: "command", required: true, rest: true, summary: "the command and its arguments; no shell reads them" },
  ],
  options,
  notes: [
    {
      title: "What the command gets",
      text: "All variables of this process, and in place of its endpoint's those of a fresh emulator, on a free port and with a secret of its own. The emulator stops when the command ends. Signals and Ctrl-C reach the command, which ends as it does without exec. A command that cannot be started returns 127 or 126, as in a shell; one that a signal ends, 128 and the signal's number.",
    },
  ],
  examples: [
    { line: "appservice-msi exec -- node app.js", does: "an app that needs a managed identity, at a desk" },
    {
      line: "appservice-msi exec --fault status-503,times=3 -- npm test",
      does: "tests while the endpoint is starting",
    },
    { line: "appservice-msi exec -- appservice-msi token -r storage", does: "what a token looks like" },
    {
      line: "appservice-msi exec -- sh -c 'echo $IDENTITY_ENDPOINT'",
      does: "a line that a shell has to read, for its variables",
    },
    { line: "appservice-msi exec -- bash", does: "a shell of its own, in which fault and journal work as well" },
  ],
  async run({ io, options: wanted, operands, signal, tell }) {
    const emulator = await startWith(wanted);
    try {
      [warning(emulator), unknownClientId(io.env, emulator)].filter((words) => words !== undefined).forEach(tell);
      const { runChild } = await import("./child-process.ts");
      signal.throwIfAborted();
      return await runChild(operands, { ...withoutForeign(io.env), ...variablesOf(emulator) }, io);
    } finally {
      await emulator.close();
    }
  },
});

/** An app's setting that outlives its app is easily overlooked, and every request would fail by it. */
function unknownClientId({ AZURE_CLIENT_ID = "" }: Environment, emulator: Emulator): string | undefined {
  const { systemAssigned, userAssigned } = emulator.identities;
  const known = [systemAssigned, ...userAssigned].map((identity) => identity?.clientId.toLowerCase());
  const wanted = AZURE_CLIENT_ID.trim();
  return wanted === "" || known.includes(wanted.toLowerCase()) || emulator.tokensFrom !== "emulator"
    ? undefined
    : `AZURE_CLIENT_ID is ${plain(wanted)}, and this emulator has no such identity. Delete the variable, or pass --user-assigned app,clientId=${plain(wanted)}.`;
}

function withoutForeign(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreignVariables.includes(name.toUpperCase())));
}
