import { createHash } from "node:crypto";
import type { Cell, Comparison, Row } from "#comparison";
import { renderFigure } from "./figure.ts";
import { markup, Markup } from "./markup.ts";
import { plotsOf } from "./plots.ts";
import { claimsOf, whose, wire } from "./wire.ts";
import {
  caveats,
  claimsTally,
  duration,
  explanation,
  figures,
  hrefOf,
  lostRows,
  message,
  ours,
  sign,
  tally,
} from "./wording.ts";

/** What the page needs to know of where it stands. */
export interface PageOptions {
  /** The way from the page to a page of this repository. */
  readonly linkTo: (page: string) => string;
  readonly style: string;
}

/** The comparison as one HTML page that loads nothing and runs nothing. */
export function renderPage(comparison: Comparison, options: PageOptions): string {
  const names = comparison.subjects.map(({ name }) => name);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(options.style)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${names.join(", ")}: side by side</title>
<style>${new Markup(options.style)}</style>
</head>
<body>
${header(comparison)}
<main>
${glance(comparison)}
${lost(comparison)}
<section class="plots" aria-label="Plots">
${plotsOf(comparison).map((plot) => renderFigure(plot, names))}</section>
${comparison.groups.map((group) => renderGroup(group, names, options))}</main>
<footer><h2>What this does not say</h2>
<ul>${caveats.map((caveat) => markup`<li>${inlineCode(caveat)}</li>`)}</ul></footer>
</body>
</html>
`.text;
}

function hashOf(style: string): string {
  return `sha256-${createHash("sha256").update(style).digest("base64")}`;
}

function header({ setting }: Comparison): Markup {
  const facts = [
    ...Object.entries(setting.versions).map(([name, version]) => `${name} ${version}`),
    setting.machine,
    setting.date,
    `took ${duration(setting.durationInSeconds * 1000)}`,
  ];
  return markup`<header>
<h1>Three credentials, one endpoint</h1>
<p class="lead">Every credential in every situation is a process of its own, with the same identity endpoint, identities, resources and faults.</p>
<ul class="facts"><li><code>${setting.command}</code></li>${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>
</header>`;
}

/** All rows at a glance: a square for each, under the credential and beside the part of the report where it stands. */
function glance(comparison: Comparison): Markup {
  const heads = comparison.subjects.map((subject, column) => {
    const { met, of } = tally(comparison, column);
    return markup`<th scope="col" class="c${column}"><span class="subject">${breakable(subject.name)}</span>
<span class="tally"><b>${met}</b> of ${of} as wanted</span>
<span class="quiet">${subject.package}, ${subject.setUp}</span></th>
`;
  });
  const groups = comparison.groups.map(({ title, rows }) => {
    const squares = comparison.subjects.map(
      (_, column) => markup`<td class="c${column}">${rows.map((row) => square(row, row.cells[column]))}</td>`,
    );
    return markup`<tr><th scope="row"><a href="#${anchorOf(title)}">${title}</a></th>${squares}</tr>
`;
  });
  return markup`<table class="glance" aria-label="At a glance">
<thead><tr><td></td>${heads}</tr></thead>
<tbody>${groups}</tbody></table>
<p class="key"><span class="square met"></span> as wanted <span class="square missed"></span> not <span class="square"></span> nothing wanted.
What is wanted stands in each row, the same for all. ${claims(comparison)}</p>`;
}

function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

/** A name that may break before a capital where there is little room. */
function breakable(name: string): Markup {
  return markup`${name.split(/(?=[A-Z])/).map((part, index) => markup`${index > 0 && new Markup("<wbr>")}${part}`)}`;
}

function claims(comparison: Comparison): Markup {
  const { same, of, others } = claimsTally(comparison);
  const exceptions = others.map((name, index) => markup`${index > 0 && ", "}<a href="#${name}">${name}</a>`);
  return markup`Where several got a token, its claims were the same in ${same} of ${of} rows${others.length > 0 && markup`, all but ${exceptions}`}.`;
}

function square({ name, question }: Row, cell: Cell | undefined): Markup {
  const told = `${question}: ${cell?.told ?? ""}`;
  return markup`<a class="square${verdict(cell)}" href="#${name}" title="${told}" aria-label="${told}"></a>`;
}

function verdict(cell: Cell | undefined): string {
  return cell?.met === undefined ? "" : cell.met ? " met" : " missed";
}

function lost(comparison: Comparison): Markup | undefined {
  const rows = lostRows(comparison);
  if (rows.length === 0) {
    return undefined;
  }
  const items = rows.map((row) => markup`<li><a href="#${row.name}">${row.question}</a>. ${explanation(row)}</li>\n`);
  return markup`<section class="lost"><h2>Where @azure/identity is right and ${comparison.subjects[ours]?.name} is not</h2>
<ul>${items}</ul></section>`;
}

function renderGroup(
  { title, intro, rows }: Comparison["groups"][number],
  names: readonly string[],
  options: PageOptions,
): Markup {
  const heads = names.map((name, column) => markup`<th scope="col" class="c${column}">${breakable(name)}</th>`);
  return markup`<section class="group" id="${anchorOf(title)}"><h2>${title}</h2><p class="intro">${intro}</p>
<table><thead><tr><th scope="col">Situation</th>${heads}</tr></thead>
<tbody>
${rows.map((row) => renderRow(row, names, options))}</tbody></table></section>
`;
}

function renderRow(row: Row, names: readonly string[], { linkTo }: PageOptions): Markup {
  const wanted = row.wanted !== undefined && markup`<span class="wanted">wanted: ${row.wanted}</span>`;
  return markup`<tr id="${row.name}"><th scope="row"><span class="question">${row.question}</span>${wanted}
<span class="why">${explanation(row)} <a href="${hrefOf(row.link, linkTo)}">${row.link.text}</a></span>${wireOf(row, names)}</th>
${row.cells.map((cell, column) => renderCell(cell, names[column] ?? "", column))}</tr>
`;
}

function renderCell(cell: Cell, name: string, column: number): Markup {
  const said = message(cell.outcome);
  return markup`<td class="c${column}${verdict(cell)}"><span class="name">${name}</span>
<span class="told"><span class="sign">${sign(cell)}</span> ${cell.told}</span>
<span class="figures">${figures(cell.outcome)}</span>${said !== "" && markup`<details><summary>message</summary><p class="said">${said}</p></details>`}</td>
`;
}

function wireOf(row: Row, names: readonly string[]): Markup | undefined {
  const lines = [...wire(row), ...claimsOf(row)].map(
    (shared) => markup`<li><code>${shared.line}</code> <span class="quiet">${whose(shared, names)}</span></li>`,
  );
  return lines.length === 0
    ? undefined
    : markup`<details><summary>requests and claims</summary><ul class="wire">${lines}</ul></details>`;
}

/** Text with `code` in backticks. */
function inlineCode(text: string): Markup {
  return markup`${text.split("`").map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
}
