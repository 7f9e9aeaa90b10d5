import type { JournalEntry } from "@appservice-msi/emulator";
import { inWords, toIso } from "../duration.ts";
import { plain } from "../plain-text.ts";

/** What is shown of a request. */
export const journalHead = ["Time", "Status", "Resource", "Identity", "API version", "Took", "What happened"];

/** A request as a row. */
export function toJournalRow(entry: JournalEntry): string[] {
  const { time, status, resource, identity, apiVersion, durationInMs } = entry;
  return [
    toIso(time),
    status === undefined ? "none" : String(status),
    plain(resource ?? "-"),
    identity.kind === "systemAssigned" ? "system-assigned" : plain(identity.id),
    plain(apiVersion ?? "-"),
    durationInMs === undefined ? "open" : inWords(durationInMs),
    whatHappened(entry),
  ];
}

/** A request on a line of its own, in columns that line up from line to line for usual values. */
export function toJournalLine(entry: JournalEntry): string {
  const widths = [20, 4, 32, 36, 10, 8, 0];
  return toJournalRow(entry)
    .map((text, index) => text.padEnd(widths[index] ?? 0))
    .join("  ")
    .trimEnd();
}

function whatHappened({ fault, refusal, failure, tokensFrom, method }: JournalEntry): string {
  const parts = [
    method === "GET" ? undefined : method,
    fault && `fault ${fault}`,
    refusal && `refused: ${refusal}`,
    failure && plain(failure),
    tokensFrom === undefined || tokensFrom === "emulator" ? undefined : `a real token, from ${tokensFrom}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
