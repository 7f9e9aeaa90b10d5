import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Comparison } from "./comparison.ts";
import { renderPage } from "./render/html.ts";
import { renderMarkdown } from "./render/markdown.ts";
import { renderPicture } from "./render/picture.ts";
import { plotsOf } from "./render/plots.ts";
import { renderTable } from "./render/table.ts";

const root = resolve(import.meta.dirname, "../../..");
const docs = join(root, "docs");

/** Where nobody says how wide a terminal is. */
const usualWidth = 140;

const renderers: Readonly<Record<string, (comparison: Comparison) => string>> = {
  table: (comparison) => renderTable(comparison, process.stdout.columns ?? usualWidth),
  json: (comparison) => JSON.stringify(comparison, null, 2),
  markdown: (comparison) => markdownIn(docs, comparison).trimEnd(),
  html: (comparison) => pageIn(process.cwd(), comparison).trimEnd(),
};

/** The names of the outputs. */
export const formats: readonly string[] = Object.keys(renderers);

/** Writes the comparison to stdout. */
export function print(comparison: Comparison, format: string): void {
  console.log(renderers[format]?.(comparison));
}

/** Writes the page to a file. */
export async function writePage(comparison: Comparison, file: string): Promise<void> {
  await writeFile(file, pageIn(dirname(resolve(file)), comparison));
}

/** Writes docs/comparison.md and its pictures. */
export async function writeDocs(comparison: Comparison): Promise<void> {
  await mkdir(join(docs, "images"), { recursive: true });
  await writeFile(join(docs, "comparison.md"), markdownIn(docs, comparison));
  const names = comparison.subjects.map(({ name }) => name);
  const style = `${read("colours.css")}\n${read("picture.css")}`;
  for (const plot of plotsOf(comparison)) {
    await writeFile(join(docs, pictureOf(plot.name)), renderPicture(plot, names, style));
  }
}

/**
 * What `-o json` printed before.
 *
 * @throws Error when the file cannot be read, or holds something else.
 */
export async function readComparison(file: string): Promise<Comparison> {
  try {
    const { setting, subjects, groups } = JSON.parse(await readFile(file, "utf8")) as Comparison;
    return { setting, subjects: [...subjects], groups: [...groups] };
  } catch (error) {
    throw new Error(`${file} holds nothing that -o json printed: ${(error as Error).message}`, { cause: error });
  }
}

function markdownIn(folder: string, comparison: Comparison): string {
  const pictures = plotsOf(comparison).map(({ name, title }) => ({ title, file: pictureOf(name) }));
  return renderMarkdown(comparison, { linkTo: linksFrom(folder), pictures });
}

function pageIn(folder: string, comparison: Comparison): string {
  return renderPage(comparison, { linkTo: linksFrom(folder), style: `${read("colours.css")}\n${read("page.css")}` });
}

function pictureOf(name: string): string {
  return `images/compare-${name}.svg`;
}

/** The way from a folder to a page of this repository. */
function linksFrom(folder: string): (page: string) => string {
  return (page) => relative(folder, join(root, page)).replaceAll(sep, "/");
}

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, "render", file), "utf8");
}
