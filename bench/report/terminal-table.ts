import { styleText } from "node:util";
import Table from "cli-table3";
import type { Setting } from "../machine.ts";
import { meetsTarget, type Row } from "../question.ts";
import type { Answer } from "../results.ts";
import { formatFigure, formatRatio, formatTarget, formatVerdict } from "./figures.ts";

const columns = ["ours", "incumbent", "limit", "÷ incumbent", "÷ limit", "target", ""];

/** A question and its rows as a table for a terminal. */
export function renderTerminalTable({ title, rows, failure }: Answer): string {
  if (failure !== undefined) {
    return `${title}: not measured. ${failure}\n`;
  }
  const table = new Table({
    head: [title, ...columns],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "left"],
  });
  table.push(...rows.map(toCells));
  return table.toString();
}

function toCells(row: Row): string[] {
  const { ours, incumbent, limit } = row.figures;
  return [
    row.what,
    ...[ours, incumbent, limit].map((figure) => formatFigure(figure, row.unit)),
    formatRatio(row, "incumbent"),
    formatRatio(row, "limit"),
    formatTarget(row),
    styleText(meetsTarget(row) === false ? "yellow" : "green", formatVerdict(row)),
  ];
}

/** What is compared, on what machine, as lines of text. */
export function renderSetting({ node, system, cpu, cores, versions }: Setting): string {
  const compared = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${compared.join(", ")}\nNode ${node} on ${system}, ${cpu}, ${cores} cores`;
}

/** How many targets are met, and which are not. */
export function renderVerdict(answers: readonly Answer[]): string {
  const rows = answers.flatMap((answer) => answer.rows.map((row) => ({ row, title: answer.title })));
  const withTarget = rows.filter(({ row }) => row.target !== undefined);
  const missed = withTarget.filter(({ row }) => meetsTarget(row) === false);
  return [
    `${withTarget.length - missed.length} of ${withTarget.length} targets met`,
    ...missed.map(({ row, title }) => `missed: ${title}: ${row.what} (${formatTarget(row)})`),
  ].join("\n");
}
