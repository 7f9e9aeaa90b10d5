import { styleText } from "node:util";
import Table from "cli-table3";
import type { Cell, Comparison, Row } from "#comparison";
import { detailsOf } from "./wire.ts";
import {
  claimsTally,
  differs,
  duration,
  explanation,
  figures,
  lostRows,
  ours,
  rowsOf,
  sign,
  tally,
} from "./wording.ts";

const narrowest = 80;

/** The comparison for a terminal of so many columns. With few rows there is room for requests and messages. */
export function renderTable(comparison: Comparison, width: number): string {
  const { subjects, groups } = comparison;
  const detailed = rowsOf(comparison).length <= 3;
  const columnWidths = widths(Math.max(width, narrowest), subjects.length);
  const table = new Table({
    head: ["", ...subjects.map(({ name }) => styleText("bold", name))],
    colWidths: columnWidths,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { title, rows } of groups) {
    table.push([{ colSpan: subjects.length + 1, content: styleText("bold", title) }]);
    for (const row of rows) {
      table.push([questionOf(row), ...row.cells.map(cellText)]);
      if (differs(row) || detailed) {
        table.push([{ colSpan: subjects.length + 1, content: styleText("dim", footnote(row)) }]);
      }
    }
  }
  const names = subjects.map(({ name }) => name);
  const below = detailed
    ? rowsOf(comparison).map((row) => [styleText("bold", row.name), ...detailsOf(row, names)].join("\n"))
    : [];
  return [heading(comparison), table.toString(), ...below, summary(comparison)].join("\n\n");
}

function widths(width: number, subjects: number): number[] {
  const forSubject = Math.floor((width - 1) / (subjects + 1));
  return [width - 1 - subjects * forSubject, ...Array.from({ length: subjects }, () => forSubject)].map(
    (each) => each - 1,
  );
}

function heading({ setting, subjects }: Comparison): string {
  const versions = Object.entries(setting.versions).map(([name, version]) => `${name} ${version}`);
  return [
    versions.join(" · "),
    `${setting.machine} · ${setting.date} · took ${duration(setting.durationInSeconds * 1000)}`,
    ...subjects.map(({ name, setUp }) => `${name}: ${setUp}`),
  ].join("\n");
}

function questionOf({ name, question }: Row): string {
  return `${question}\n${styleText("dim", name)}`;
}

function cellText(cell: Cell): string {
  const colour = cell.met === undefined ? "reset" : cell.met ? "green" : "red";
  const lines = [`${styleText(colour, sign(cell))} ${cell.told}`, styleText("dim", figures(cell.outcome))];
  return lines.filter((line) => line !== "").join("\n");
}

function footnote(row: Row): string {
  const wanted = row.wanted === undefined ? "" : `Wanted: ${row.wanted}. `;
  return `${wanted}${explanation(row)} → ${row.link.to}`;
}

function summary(comparison: Comparison): string {
  const lost = lostRows(comparison).map(({ name }) => name);
  const { same, of, others } = claimsTally(comparison);
  const exceptions = others.length === 0 ? "" : ` (not in ${others.join(", ")})`;
  return [
    ...comparison.subjects.map(({ name }, column) => {
      const { met, of: judged } = tally(comparison, column);
      return judged > 0 && `${name.padEnd(26)} did what was wanted in ${met} of ${judged} rows`;
    }),
    lost.length > 0 && `Others did, and ${comparison.subjects[ours]?.name} did not: ${lost.join(", ")}.`,
    of > 0 && `Where several got a token, its claims were the same in ${same} of ${of} rows${exceptions}.`,
  ]
    .filter((line) => line !== false)
    .join("\n");
}
