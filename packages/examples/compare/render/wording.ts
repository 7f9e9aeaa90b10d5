import type { Cell, Comparison, Row } from "#comparison";
import type { Outcome, SentRequest } from "#outcome";
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

/** Text without what would break a line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
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

/** Something that was sent or received, in one line, and by whom, how often. */
export interface Shared {
  readonly line: string;
  readonly by: readonly { readonly column: number; readonly times: number }[];
}

/** The different requests of a row. */
export function wire({ cells }: Row): readonly Shared[] {
  return share(
    cells.map(({ outcome }) => {
      const sent = outcome.requests.map(lineOf);
      // Of many requests only the first are described; the rest were like them.
      return new Set(sent).size === 1 ? Array.from({ length: outcome.requestCount }, () => sent[0] as string) : sent;
    }),
  );
}

/** The claims that a service decides by. */
const telling = ["aud", "iss", "oid", "appid", "xms_mirid"];

/** The different claims of a row's tokens. */
export function claimsOf({ cells }: Row): readonly Shared[] {
  return share(
    cells.map(({ outcome: { token } }) =>
      token === undefined ? [] : [telling.map((name) => `${name} ${String(token.claims[name])}`).join(" · ")],
    ),
  );
}

/** Requests, claims and messages of a row, a line each, without what was `seen` in a row before. */
export function detailsOf(row: Row, names: readonly string[], seen = new Set<string>()): string[] {
  const fresh = [...wire(row), ...claimsOf(row)].filter(({ line }) => !seen.has(line));
  fresh.forEach(({ line }) => seen.add(line));
  const messages = row.cells.flatMap(({ outcome }, column) =>
    outcome.error === undefined ? [] : `${names[column]}: ${oneLine(message(outcome))}`,
  );
  return [...fresh.map((shared) => `${whose(shared, names)}: ${shared.line}`), ...messages];
}

/** Who it was, in words: nobody is named where it was all of them, equally often. */
export function whose({ by }: Shared, names: readonly string[]): string {
  const [first] = by;
  return by.length === names.length && by.every((each) => each.times === first?.times)
    ? `all${often(first?.times)}`
    : by.map((each) => `${names[each.column]}${often(each.times)}`).join(", ");
}

function often(times = 1): string {
  return times > 1 ? ` × ${times}` : "";
}

/** The different lines of all columns, in the order they first come. */
function share(columns: readonly (readonly string[])[]): readonly Shared[] {
  return [...new Set(columns.flat())].map((line) => ({
    line,
    by: columns
      .map((lines, column) => ({ column, times: lines.filter((other) => other === line).length }))
      .filter(({ times }) => times > 0),
  }));
}

/** Which header carries the secret is part of the protocol; the rest is habit of the library and its user agent. */
const secretHeader = /^(x-identity-header|secret)$/i;

/** Ports differ from trial to trial, so the address is left out: the path, readably, and the header of the secret. */
function lineOf({ method, path, headers }: SentRequest): string {
  const { pathname, search } = new URL(path, "http://endpoint");
  const secret = headers.find((name) => secretHeader.test(name))?.toLowerCase();
  return `${method} ${pathname}${decodeURIComponent(search)}${secret === undefined ? "" : `, ${secret}: …`}`;
}
