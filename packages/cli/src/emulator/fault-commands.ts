import type { ArmedFault, FaultParameter, FaultSummary } from "@appservice-msi/emulator";
import { type Command, type Context, defineCommand, type Options } from "../command.ts";
import { inWords, toIso } from "../duration.ts";
import { emulatorVariable } from "../identity/azure-host.ts";
import { toJson } from "../json.ts";
import { plain } from "../plain-text.ts";
import { toTable } from "../table.ts";
import { faultNames } from "./fault-names.ts";
import { armSettings, toFault } from "./fault-settings.ts";
import { runningEmulatorOptions, withEmulator } from "./running-emulator.ts";
import { readSettings } from "./settings.ts";

const options = {
  ...runningEmulatorOptions,
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["table", "json"],
    default: "table",
    summary: "how to print it",
  },
} as const satisfies Options;

/** The faults that there are, and those that are armed. */
interface FaultLists {
  readonly known: readonly FaultSummary[];
  readonly armed: readonly ArmedFault[];
}

const settingsNote = {
  title: "Settings",
  text: {
    ...Object.fromEntries(Object.entries(armSettings).map(([name, { summary }]) => [name, summary])),
    "…": "each fault's own, which fault list shows",
  },
};

const listCommand = defineCommand({
  name: "fault list",
  summary: "Lists the faults that there are, and those that are armed.",
  options,
  examples: [
    { line: "appservice-msi fault list", does: "names, settings, and what is armed where an emulator is named" },
  ],
  async run(context) {
    const {
      io,
      options: { output },
      print,
    } = context;
    const lists = await readLists(context);
    if (output === "json") {
      print(toJson(lists));
      return;
    }
    const { known, armed } = lists;
    if (armed.length > 0) {
      print(`${armed.map(describe).join("\n")}\n`);
    }
    const rows = known.map(({ name, summary, parameters }) => [name, [summary, ...settingsOf(parameters)].join("\n")]);
    print(await toTable(rows, { head: ["Fault", "What happens"], output: io.stdout }));
  },
});

const armCommand = defineCommand({
  name: "fault arm",
  summary: "Arms a fault: the next requests that it touches meet it.",
  operands: [
    { name: "fault", required: true, suggestions: faultNames, summary: "its name" },
    { name: "setting=value", many: true, summary: "for whom, how long, and the fault's own settings" },
  ],
  options,
  notes: [settingsNote],
  examples: [
    { line: "appservice-msi fault arm status-429 times=2 retryAfterInSeconds=1", does: "two answers of 429" },
    { line: "appservice-msi fault arm hang resource=keyVault", does: "no answer for Key Vault, until it is cleared" },
  ],
  run: (context) =>
    withEmulator(context, async ({ faults }) => {
      const { name, options: settings } = toFault(readSettings(context.operands), await faults.list());
      const armed = await faults.arm(name, settings);
      context.print(context.options.output === "json" ? toJson(armed) : describe(armed));
    }),
});

const clearCommand = defineCommand({
  name: "fault clear",
  summary: "Clears faults: all, all of a name, or one by its number.",
  operands: [{ name: "fault", suggestions: faultNames, summary: "name or number; all faults if it is left out" }],
  options: runningEmulatorOptions,
  examples: [
    { line: "appservice-msi fault clear", does: "all of them" },
    { line: "appservice-msi fault clear hang", does: "all of that name" },
  ],
  run: (context) =>
    withEmulator(context, async ({ faults }) => {
      const [which] = context.operands;
      const id = which !== undefined && /^\d+$/.test(which) ? Number(which) : undefined;
      const before = await faults.armed();
      await faults.clear(
        id ?? (which === undefined ? undefined : toFault(readSettings([which]), await faults.list()).name),
      );
      const cleared = before.length - (await faults.armed()).length;
      context.tell(cleared === 1 ? "1 fault is cleared." : `${cleared} faults are cleared.`);
    }),
});

/** `appservice-msi fault …` */
export const faultCommands: readonly Command[] = [listCommand, armCommand, clearCommand];

/** Of the emulator that is named; without one, of one that lives for this question only. */
async function readLists(context: Context<typeof options>): Promise<FaultLists> {
  if ((context.options.emulator ?? context.io.env[emulatorVariable] ?? "") !== "") {
    return withEmulator(context, async ({ faults }) => ({ known: await faults.list(), armed: await faults.armed() }));
  }
  const { startEmulator } = await import("@appservice-msi/emulator");
  const emulator = await startEmulator();
  try {
    return { known: emulator.faults.list(), armed: [] };
  } finally {
    await emulator.close();
  }
}

/** An armed fault in a sentence: `2: status-429 (retryAfterInSeconds=1), for 2 requests`. */
function describe({ id, name, times, until, resource, identity, parameters }: ArmedFault): string {
  const values = Object.entries(parameters).map(([key, value]) => `${key}=${plain(String(value))}`);
  const limits = [
    times === undefined ? undefined : `for ${times} ${times === 1 ? "request" : "requests"}`,
    until === undefined ? undefined : `until ${toIso(until)}`,
    resource === undefined ? undefined : `for ${plain(resource)}`,
    identity === undefined ? undefined : `for the identity ${plain(identity)}`,
    times === undefined && until === undefined ? "until it is cleared" : undefined,
  ].filter((limit) => limit !== undefined);
  return `Armed ${id}: ${name}${values.length === 0 ? "" : ` (${values.join(", ")})`}, ${limits.join(", ")}`;
}

function settingsOf(parameters: Readonly<Record<string, FaultParameter>>): string[] {
  return Object.entries(parameters).map(([name, parameter]) => {
    const { summary, default: byDefault, choices } = parameter;
    const values = choices === undefined ? "" : `; one of ${choices.join(", ")}`;
    const shownDefault =
      byDefault === undefined
        ? ""
        : `=${name.endsWith("InMs") ? `${byDefault} (${inWords(Number(byDefault))})` : byDefault}`;
    return `  ${name}${shownDefault}: ${summary}${values}`;
  });
}
