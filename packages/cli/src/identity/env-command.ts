import { isAppServiceMsiAvailable } from "@appservice-msi/credential";
import { defineCommand, type Options } from "../command.ts";
import type { Environment, Output } from "../io.ts";
import { toJson } from "../json.ts";
import { toTable } from "../table.ts";
import { type AzureHost, isEmulated, recogniseHost } from "./azure-host.ts";
import { describeVariables, type ShownVariable } from "./identity-variables.ts";

const options = {
  all: { kind: "flag", short: "a", summary: "show the variables that are not set too" },
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["table", "json"],
    default: "table",
    summary: "how to print it",
  },
} as const satisfies Options;

/** In fewer columns than this a table of three is a ribbon of words. */
const threeColumns = 120;

/** `appservice-msi env` */
export const envCommand = defineCommand({
  name: "env",
  summary: "Shows the identity variables of this process, secrets redacted, and what they mean here.",
  options,
  examples: [
    { line: "appservice-msi env", does: "where this is, and what is set" },
    { line: "appservice-msi env --all -o json", does: "every variable that matters, for scripts" },
  ],
  async run({ io, options: { all, output }, print }) {
    const host = recogniseHost(io.env);
    const variables = describeVariables(io.env, host).filter(({ set }) => all || set);
    if (output === "json") {
      print(toJson({ host: { name: host.name, title: host.title }, ...endpointFacts(io.env), variables }));
      return;
    }
    print(await toTable(summary(host, io.env), { output: io.stdout }));
    if (variables.length > 0) {
      print(`\n${await variableTable(variables, io.stdout)}`);
    }
  },
});

/** Three columns where there is room for them; else what a variable means stands below its value. */
function variableTable(variables: readonly ShownVariable[], output: Output): Promise<string> {
  const isNarrow = output.columns !== undefined && output.columns < threeColumns;
  const rows = variables.map(({ name, value = "(not set)", means }) =>
    isNarrow ? [name, `${value}\n${means}`] : [name, value, means],
  );
  const head = isNarrow ? ["Variable", "Value and meaning"] : ["Variable", "Value", "Meaning"];
  return toTable(rows, { head, output });
}

function summary(host: AzureHost, env: Environment): [string, string][] {
  const { available, emulated } = endpointFacts(env);
  return [
    ["Host", emulated ? `${host.title}, played by an emulator` : host.title],
    [
      "Endpoint",
      available ? "set" : "not set: neither IDENTITY_ENDPOINT and IDENTITY_HEADER nor MSI_ENDPOINT and MSI_SECRET",
    ],
  ];
}

function endpointFacts(env: Environment): { available: boolean; emulated: boolean } {
  return { available: isAppServiceMsiAvailable(env), emulated: isEmulated(env) };
}
