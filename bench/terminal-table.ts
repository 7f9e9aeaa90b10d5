import Table from "cli-table3";
import { formatFigure, formatRatio, formatTarget, formatVerdict } from "./figures.ts";
import type { Row } from "./question.ts";

const head = ["", "ours", "incumbent", "limit", "÷ incumbent", "÷ limit", "target", ""];

/** The rows of one question as a table for a terminal. */
export function renderTerminalTable(title: string, rows: readonly Row[]): string {
  const colours = process.stdout.isTTY && process.stdout.hasColors();
  const style = { head: [], border: colours ? ["grey"] : [], compact: true };
  const table = new Table({ head: [title, ...head.slice(1)], style, colAligns: ["left", ...Array(5).fill("right")] });
  for (const row of rows) {
    const { ours, incumbent, limit } = row.figures;
    table.push([
      row.what,
      ...[ours, incumbent, limit].map((figure) => formatFigure(figure, row.unit)),
      formatRatio(row, "incumbent"),
      formatRatio(row, "limit"),
      formatTarget(row),
      colourVerdict(formatVerdict(row), colours),
    ]);
  }
  return table.toString();
}

function colourVerdict(verdict: string, colours: boolean): string {
  return colours && verdict ? `\u001B[${verdict === "pass" ? 32 : 33}m${verdict}\u001B[0m` : verdict;
}
