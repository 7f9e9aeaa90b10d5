import { isAppServiceMsiAvailable } from "@appservice-msi/credential";
import { defineCommand, type Options } from "../command.ts";
import type { Environment } from "../io.ts";
import { toJson } from "../json.ts";
import { toTable } from "../table.ts";
import { type AzureHost, emulatorVariable, recogniseHost } from "./azure-host.ts";
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

/** `appservice-msi env` */
export const envCommand = defineCommand({
  name: "env",
  summary: "Shows the identity variables of this process, secrets redacted, and what they mean here.",
  options,
  examples: [
    { line: "appservice-msi env", does: "where this is, and what is set" },
    { line: "appservice-msi env --all -o json", does: "every variable that matters, for scripts" },
  ],
  run({ io, options: { all, output }, print }) {
    const host = recogniseHost(io.env);
    const variables = describeVariables(io.env, host).filter(({ set }) => all || set);
    if (output === "json") {
      print(toJson({ host: { name: host.name, title: host.title }, ...endpointFacts(io.env), variables }));
      return;
    }
    print(toTable(summary(host, io.env), { output: io.stdout }));
    if (variables.length > 0) {
      const head = ["Variable", "Value", "Meaning"];
      print(`\n${toTable(variables.map(toRow), { head, output: io.stdout })}`);
    }
  },
});

function toRow({ name, value = "(not set)", means }: ShownVariable): [string, string, string] {
  return [name, value, means];
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
  return { available: isAppServiceMsiAvailable(env), emulated: (env[emulatorVariable] ?? "") !== "" };
}
