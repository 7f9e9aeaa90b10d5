import type { Emulator } from "@appservice-msi/emulator";
import { type Context, defineCommand, type Options } from "../command.ts";
import { untilInterrupted } from "../interruption.ts";
import type { Output } from "../io.ts";
import { toJsonLine } from "../json.ts";
import { plain } from "../plain-text.ts";
import { toTable } from "../table.ts";
import { emulatorOptions, startWith } from "./emulator-options.ts";
import { toJournalLine } from "./journal-text.ts";
import { type ExportShell, variableExports, variablesOf } from "./variable-exports.ts";

const options = {
  port: {
    kind: "number",
    short: "p",
    value: "port",
    lowest: 0,
    highest: 65_535,
    whole: true,
    default: 0,
    summary: "the port on 127.0.0.1; 0 is a free one",
  },
  ...emulatorOptions,
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["text", "bash", "powershell", "docker", "json"],
    default: "text",
    summary: "print the variables for one reader only; json is one line",
  },
  quiet: { kind: "flag", short: "q", summary: "do not show the requests as they come" },
} as const satisfies Options;

/** `appservice-msi emulator` */
export const emulatorCommand = defineCommand({
  name: "emulator",
  summary: "Runs the identity endpoint of App Service on this machine, until Ctrl-C.",
  options,
  notes: [
    {
      title: "Variables",
      text: "Set what it prints in the shell of your app. Where APPSERVICE_MSI_EMULATOR is set, fault and journal find this emulator. It listens on 127.0.0.1 only, and its tokens are worth nothing in Azure, unless --tokens-from says otherwise.",
    },
  ],
  examples: [
    { line: "appservice-msi emulator", does: "an app with both kinds of identity, on a free port" },
    {
      line: "appservice-msi emulator --host container-apps --user-assigned orders --fault status-429,times=2",
      does: "Container Apps, an identity of your own, and trouble at the start",
    },
    {
      line: "appservice-msi emulator --tokens-from azure-cli",
      does: "your own tokens, so that an unchanged app reaches real Azure",
    },
  ],
  async run(context) {
    const { options: wanted, signal, tell } = context;
    const emulator = await startWith(wanted, { port: wanted.port });
    try {
      await print(emulator, context);
      if (!wanted.quiet) {
        emulator.journal.subscribe((entry) => {
          if (entry.durationInMs !== undefined) {
            tell(toJournalLine(entry));
          }
        });
      }
      await untilInterrupted(signal);
    } finally {
      await emulator.close();
    }
  },
});

async function print(
  emulator: Emulator,
  { io, options: { output }, print: out, tell }: Context<typeof options>,
): Promise<void> {
  const variables = variablesOf(emulator);
  const { url, dashboardUrl, host, identities, tenantId, tokensFrom } = emulator;
  if (output === "json") {
    out(toJsonLine({ url, dashboardUrl, host, env: variables, identities, tenantId, tokensFrom }));
  } else if (output === "text") {
    tell(`${await describe(emulator, io.stderr)}\n\nVariables for your app, by who reads them:`);
    out(
      Object.entries(titles)
        .map(([shell, title]) => `\n# ${title}\n${variableExports[shell as ExportShell](variables)}`)
        .join("\n"),
    );
  } else {
    out(variableExports[output](variables));
  }
  const words = [warning(emulator), "Press Ctrl-C to stop."].filter((line) => line !== undefined).join("\n");
  tell(`${output === "text" ? "\n" : ""}${words}\n`);
}

const titles: Readonly<Record<ExportShell, string>> = { bash: "bash, zsh", powershell: "PowerShell", docker: "Docker" };

function describe({ host, url, dashboardUrl, identities }: Emulator, output: Output): Promise<string> {
  const { systemAssigned, userAssigned } = identities;
  const ids = [...(systemAssigned ? [{ ...systemAssigned, name: "system-assigned" }] : []), ...userAssigned];
  return toTable(
    [
      ["Emulator", `${host} at ${url}`],
      ["Page", dashboardUrl],
      ...ids.map(({ name, clientId, objectId }) => [
        plain(name),
        `client id ${plain(clientId)}\nobject id ${plain(objectId)}`,
      ]),
    ],
    { output },
  );
}

/** Real tokens are marked wherever they show. */
export function warning({ tokensFrom }: Pick<Emulator, "tokensFrom">): string | undefined {
  return tokensFrom === "emulator" ? undefined : `The tokens are real ones, your own, from ${tokensFrom}.`;
}
