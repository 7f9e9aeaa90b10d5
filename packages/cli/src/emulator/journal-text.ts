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

/** A request on a line of its own, what has no fixed length at its end: usual ones fit a terminal of 80 columns. */
export function toJournalLine(entry: JournalEntry): string {
  const [time = "", status = "", resource, identity, apiVersion = "", took = "", happened] = toJournalRow(entry);
  const ofFixedLength = [time.replace(/^.*T/, ""), status.padEnd(4), apiVersion.padEnd(10), took.padStart(6)];
  return [...ofFixedLength, resource, identity, happened].join("  ").trimEnd();
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
