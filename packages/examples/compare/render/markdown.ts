import type { Cell, Comparison, Row } from "#comparison";
import { detailsOf } from "./wire.ts";
import {
  caveats,
  claimsTally,
  duration,
  explanation,
  figures,
  hrefOf,
  lostRows,
  ours,
  sign,
  tally,
} from "./wording.ts";

/** What the page needs to know of where it stands. */
export interface MarkdownOptions {
  /** The way from the page to a page of this repository. */
  readonly linkTo: (page: string) => string;
  /** The pictures beside it, if there are any. */
  readonly pictures: readonly { readonly title: string; readonly file: string }[];
}

/** The comparison as a page of Markdown, with tables padded as a formatter would pad them. */
export function renderMarkdown(comparison: Comparison, options: MarkdownOptions): string {
  const { subjects, groups } = comparison;
  const names = subjects.map(({ name }) => `\`${name}\``);
  const seen = new Set<string>();
  return `${[
    "# Three credentials, one endpoint",
    introduction(comparison),
    summary(comparison),
    ...options.pictures.map(({ title, file }) => `![${title}](${file})`),
    lost(comparison),
    ...groups.flatMap(({ title, intro, rows }) => [
      `## ${title}`,
      intro,
      table(
        ["", ...names],
        rows.map((row) => rowCells(row, options)),
      ),
      details(rows, comparison, seen),
    ]),
    "## What this does not say",
    caveats.map((caveat) => `- ${caveat}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function introduction({ setting, subjects }: Comparison): string {
  const versions = Object.entries(setting.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Made by \`${setting.command}\` on ${setting.date}, in ${duration(setting.durationInSeconds * 1000)}, on ${setting.machine}: ${versions.join(", ")}.`,
    "Every credential in every situation is a process of its own, with the same identity endpoint, identities, resources and faults.",
    subjects.map(({ name, package: from, setUp }) => `- \`${name}\` of ${from}, ${setUp}`).join("\n"),
    "✓ did what was wanted, ✗ did not, · nothing in particular was wanted. Times are from the call to its end. A request, or a token's claims, are spelt out where they first occur.",
  ].join("\n\n");
}

function summary(comparison: Comparison): string {
  const { same, of, others } = claimsTally(comparison);
  const cells = comparison.subjects
    .map((_, column) => tally(comparison, column))
    .map(({ met, of: all }) => `${met} of ${all}`);
  const exceptions = others.length === 0 ? "" : `, all but ${others.map((name) => `\`${name}\``).join(", ")}`;
  const glance = table(
    ["", ...comparison.subjects.map(({ name }) => `\`${name}\``)],
    [["did what was wanted", ...cells]],
  );
  return of === 0
    ? glance
    : `${glance}

Where several received a token, its claims were the same in ${same} of ${of} rows${exceptions}.`;
}

function lost(comparison: Comparison): string {
  const rows = lostRows(comparison);
  if (rows.length === 0) {
    return "";
  }
  const items = rows.map((row) => {
    const better = comparison.subjects.filter((_, column) => column !== ours && row.cells[column]?.met === true);
    return `- **${row.question}**: ${better.map(({ name }) => `\`${name}\``).join(" and ")}. ${explanation(row)}`;
  });
  return `## Where \`@azure/identity\` is right and \`${comparison.subjects[ours]?.name}\` is not\n\n${items.join("\n")}`;
}

function rowCells(row: Row, { linkTo }: MarkdownOptions): string[] {
  const wanted = row.wanted === undefined ? "" : `<br>wanted: ${row.wanted}`;
  return [
    `**${row.question}**${wanted}<br>${explanation(row)} [${row.link.text}](${hrefOf(row.link, linkTo)})`,
    ...row.cells.map((cell) => cellText(cell)),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

function cellText(cell: Cell): string {
  return [`${sign(cell)} ${cell.told}`, figures(cell.outcome)].filter((line) => line !== "").join("<br>");
}

/** Requests, claims and messages of a group, folded away. What was seen in a row before is not shown again. */
function details(rows: readonly Row[], { subjects }: Comparison, seen: Set<string>): string {
  const names = subjects.map(({ name }) => name);
  const blocks = rows.flatMap((row) => {
    const lines = detailsOf(row, names, seen);
    return lines.length === 0 ? [] : [row.name, ...lines].join("\n  ");
  });
  return blocks.length === 0
    ? ""
    : `<details><summary>Requests, claims and messages</summary>\n\n\`\`\`text\n${blocks.join("\n\n")}\n\`\`\`\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columnWidths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[], filler = " "): string =>
    `| ${cells.map((cell, column) => cell + filler.repeat((columnWidths[column] ?? 0) - cell.length)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("\n");
}
