import { stripVTControlCharacters } from "node:util";
import type { Output } from "./io.ts";

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Below this a column is no longer readable, and lines may as well run over. */
const narrowestColumn = 20;

/** What lies between two columns. */
const gap = noBorders.middle.length;

/** Columns of text. Where the output is a terminal, the last column is wrapped to fit. */
export async function toTable(
  rows: readonly (readonly string[])[],
  { head = [], output }: { readonly head?: readonly string[]; readonly output: Pick<Output, "columns"> },
): Promise<string> {
  const { default: Table } = await import("cli-table3"); // most commands need none, and start without it
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    head: [...head],
    colWidths: widths([head, ...rows], output.columns),
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** All columns as wide as they are, and the last one as wide as there is room, but never too narrow for its longest word. */
function widths(rows: readonly (readonly string[])[], columns: number | undefined): (number | null)[] {
  const count = Math.max(...rows.map((row) => row.length));
  const before = Array.from({ length: count - 1 }, (_, index) => widest(rows.map((row) => row[index] ?? "")));
  if (columns === undefined) {
    return before.map(() => null);
  }
  const room = columns - before.reduce((sum, width) => sum + width + gap, 0);
  const longestWord = widest(rows.flatMap((row) => (row[count - 1] ?? "").split(/\s/)));
  return [...before.map(() => null), Math.max(room, longestWord, narrowestColumn)];
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.flatMap((text) => text.split("\n")).map((line) => stripVTControlCharacters(line).length));
}
