import type { Cell, Comparison, Row } from "#comparison";
import type { Outcome } from "#outcome";
import type { Link } from "#scenario";

/** The first column is ours. */
export const ours = 0;

/** What a reader must not take from the figures. */
export const caveats: readonly string[] = [
  "The endpoint is this repository's emulator on loopback. It answers as documentation, sources and reports say that App Service does; how fast and how often App Service fails is another matter.",
  "What is wanted is this repository's opinion, stated in each row and the same for all columns. The counts weigh all rows alike, and an app may live its whole life in two of them.",
  "Each trial ran once. Pauses between retries are random, so times of seconds differ from run to run; milliseconds say nothing at all. Speed, memory and size are measured elsewhere, by `pnpm bench`.",
  "`@azure/identity` has fifteen other ways to sign in, and is maintained by Microsoft. Where an app needs one of them, it is the answer, alone or behind this credential in a `ChainedTokenCredential`.",
];

/** Whether the cell did what was wanted, as a sign. */
export function sign({ met }: Cell): string {
  return met === undefined ? "·" : met ? "✓" : "✗";
}

/** A duration as people say it: `38 ms`, `5.2 s`. */
export function duration(timeInMs: number): string {
  return timeInMs < 1000 ? `${timeInMs} ms` : `${(timeInMs / 1000).toFixed(1)} s`;
}

/** A number of things: `no request`, `1 request`, `1000 requests`. */
export function count(number: number, thing: string): string {
  return `${number === 0 ? "no" : number} ${thing}${number > 1 ? "s" : ""}`;
}

/** Requests and time, where there was a call. */
export function figures({ ended, requestCount, durationInMs }: Outcome): string {
  return ended === "lacking" ? "" : `${count(requestCount, "request")} · ${duration(durationInMs)}`;
}

/** What a caller would read in a log. */
export function message({ error }: Outcome): string {
  return error === undefined ? "" : `${error.name}: ${error.message}`;
}

/** Why the answers differ, and what became of the claims. */
export function explanation({ explain, sameClaims }: Row): string {
  return sameClaims === false ? `${explain} The claims are not the same.` : explain;
}

/** Whether the credentials differ in what came of it. */
export function differs({ cells }: Row): boolean {
  return new Set(cells.map(({ met, outcome }) => `${met} ${outcome.ended}`)).size > 1;
}

/** How many rows a credential did as was wanted, of those in which something was. */
export function tally(comparison: Comparison, column: number): { met: number; of: number } {
  const judged = rowsOf(comparison).flatMap(({ cells }) => cells[column]?.met ?? []);
  return { met: judged.filter(Boolean).length, of: judged.length };
}

/** The rows in which another credential did as was wanted, and ours did not. */
export function lostRows(comparison: Comparison): readonly Row[] {
  return rowsOf(comparison).filter(
    ({ cells }) => cells[ours]?.met === false && cells.some(({ met }, column) => column !== ours && met === true),
  );
}

/** In how many rows all who got a token got the same claims, of those in which several got one. */
export function claimsTally(comparison: Comparison): { same: number; of: number; others: readonly string[] } {
  const compared = rowsOf(comparison).filter(({ sameClaims }) => sameClaims !== undefined);
  const others = compared.filter(({ sameClaims }) => sameClaims === false).map(({ name }) => name);
  return { same: compared.length - others.length, of: compared.length, others };
}

/** Where a link leads from a page that knows the way to the pages of this repository. */
export function hrefOf({ to }: Link, linkTo: (page: string) => string): string {
  return /^https?:/.test(to) ? to : linkTo(to);
}

export function rowsOf({ groups }: Comparison): readonly Row[] {
  return groups.flatMap(({ rows }) => rows);
}
