import type { Row } from "#comparison";
import type { SentRequest } from "#outcome";
import { message } from "./wording.ts";

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

/** Text without what would break a line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
