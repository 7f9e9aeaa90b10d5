import type { JournalEntry } from "@appservice-msi/emulator";
import { type Context, defineCommand, type Options } from "../command.ts";
import { untilInterrupted } from "../interruption.ts";
import { toJson, toJsonLine } from "../json.ts";
import { toTable } from "../table.ts";
import { journalHead, toJournalLine, toJournalRow } from "./journal-text.ts";
import { runningEmulatorOptions, withEmulator } from "./running-emulator.ts";

const options = {
  follow: { kind: "flag", short: "f", summary: "go on with the requests as they come, until Ctrl-C" },
  ...runningEmulatorOptions,
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["table", "json"],
    default: "table",
    summary: "how to print it; json with --follow is a line for each request",
  },
} as const satisfies Options;

/** `appservice-msi journal` */
export const journalCommand = defineCommand({
  name: "journal",
  summary: "Shows what a running emulator was asked, the last 500 requests.",
  options,
  examples: [
    { line: "appservice-msi journal", does: "who asked for what, and what came of it" },
    { line: "appservice-msi journal --follow -o json", does: "every request as it ends, for a program" },
  ],
  run: (context) => (context.options.follow ? follow(context) : list(context)),
});

function list(context: Context<typeof options>): Promise<void> {
  const {
    io,
    options: { output },
    print,
    tell,
  } = context;
  return withEmulator(context, async (emulator) => {
    const entries = await emulator.journal.list();
    if (output === "json") {
      print(toJson(entries));
    } else if (entries.length === 0) {
      tell("No requests yet.");
    } else {
      print(await toTable(entries.map(toJournalRow), { head: journalHead, output: io.stdout }));
    }
  });
}

async function follow(context: Context<typeof options>): Promise<void> {
  const {
    options: { output },
    print,
    signal,
    tell,
  } = context;
  const write = output === "json" ? toJsonLine : toJournalLine;
  const shown = new Set<number>();
  const show = ({ id, ...entry }: JournalEntry): void => {
    // A request is told of when it comes, and again when it has ended.
    if (entry.durationInMs !== undefined && !shown.has(id)) {
      shown.add(id);
      print(write({ id, ...entry }));
    }
  };
  const gone = new AbortController();
  try {
    await withEmulator(context, async ({ journal }) => {
      await journal.subscribe(show, () => gone.abort());
      (await journal.list()).forEach(show);
      await untilInterrupted(AbortSignal.any([signal, gone.signal]));
    });
    tell("The emulator has stopped.");
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
