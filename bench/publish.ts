import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderHeadline } from "./report/headline.ts";
import { renderMarkdown } from "./report/markdown-table.ts";
import { renderPlots } from "./report/plots.ts";
import type { Results } from "./results.ts";

const root = join(import.meta.dirname, "..");
const begin = "<!-- results: written by `pnpm bench` -->";
const end = "<!-- end of results -->";

/** Writes the results where people look for them, and returns the names of the files. */
export function publish(results: Results): string[] {
  const markdown = renderMarkdown(results);
  const files = new Map([
    ["bench/results/latest.json", `${JSON.stringify(results, roundFigures, 2)}\n`],
    ["bench/results/latest.md", markdown],
    ...[...renderPlots(results)].map(([name, svg]): [string, string] => [`docs/images/${name}`, svg]),
    ["docs/performance.md", insertResults("docs/performance.md", markdown)],
    ["README.md", insertResults("README.md", renderHeadline(results))],
  ]);
  for (const folder of ["bench/results", "docs/images"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const [name, text] of files) {
    writeFileSync(join(root, name), text);
  }
  execFileSync(join(root, "node_modules/.bin/oxfmt"), [...files.keys()], { cwd: root });
  return [...files.keys()];
}

/** The page with this text between its two marks. */
function insertResults(page: string, results: string): string {
  const text = readFileSync(join(root, page), "utf8");
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined || before === text) {
    throw new Error(`${page} lacks the marks ${begin} and ${end}`);
  }
  return `${before}${begin}\n\n${results}\n\n${end}${after}`;
}

/** More digits than these would claim what nobody has measured. */
function roundFigures(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
