import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Comparison, Row } from "@appservice-msi/example-compare/comparison";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChromium, whyNoBrowser } from "../browser/chromium.ts";
import { visit } from "../browser/visit.ts";

const main = fileURLToPath(import.meta.resolve("@appservice-msi/example-compare/main"));
const keptPage = new URL("../../docs/comparison.md", import.meta.url);

let folder: string;
let page: string;
let rows: readonly Row[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-whole-test-"));
  page = join(folder, "page.html");
  const args = [main, "-o", "json", "--html", page];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  rows = (JSON.parse(stdout) as Comparison).groups.flatMap((group) => group.rows);
}, 240_000);

afterAll(() => rm(folder, { recursive: true }));

/** ✓, ✗ or · for each credential, by situation. */
type Signs = Readonly<Record<string, readonly string[]>>;

function signsOf(found: readonly Row[]): Signs {
  return Object.fromEntries(
    found.map(({ question, cells }) => [question, cells.map(({ met }) => (met === undefined ? "·" : met ? "✓" : "✗"))]),
  );
}

async function keptSigns(): Promise<Signs> {
  const lines = (await readFile(keptPage, "utf8")).matchAll(
    /^\| \*\*(?<question>.+?)\*\*.*?(?<signs>(?: +\| [✓✗·] [^|]*){3}\|)$/gm,
  );
  return Object.fromEntries(
    [...lines].map(({ groups = {} }) => [groups["question"] ?? "", groups["signs"]?.match(/(?<=\| )[✓✗·]/g) ?? []]),
  );
}

test("docs/comparison.md says what a comparison finds", async () => {
  expect(signsOf(rows)).toEqual(await keptSigns());
});

test("whoever gets a token gets the same claims, but where the credentials read AZURE_CLIENT_ID differently", () => {
  const others = rows.filter(({ sameClaims }) => sameClaims === false).map(({ name }) => name);

  expect(others).toEqual(["azure-client-id"]);
});

test("no message is lost: whoever failed said something", () => {
  const mute = rows.flatMap(({ name, cells }) =>
    cells.filter(({ outcome }) => outcome.ended === "error" && !outcome.error?.message).map(() => name),
  );

  expect(mute).toEqual([]);
});

describe.skipIf(whyNoBrowser !== undefined)("the page of HTML", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium();
  }, 60_000);

  afterAll(() => browser?.close());

  test.each([
    { colorScheme: "light", width: 1280 },
    { colorScheme: "dark", width: 1280 },
    { colorScheme: "light", width: 380 },
  ] as const)("is whole in $colorScheme, $width pixels wide, without a network", async ({ colorScheme, width }) => {
    const options = { colorScheme, viewport: { width, height: 900 }, offline: true };
    await using opened = await visit(browser, pathToFileURL(page).href, options);
    const count = (selector: string): Promise<number> => opened.page.locator(selector).count();

    expect(await opened.page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await opened.page.evaluate("performance.getEntriesByType('resource').length")).toBe(0);
    expect(await count("td .square")).toBe(rows.length * 3);
    expect(await count("figure.plot")).toBe(3);
    expect(await count("script")).toBe(0);
    expect(opened.problems).toEqual([]);
  });

  test("leads from every square, plot and name to a row that is there", async () => {
    await using opened = await visit(browser, pathToFileURL(page).href);
    const lost = await opened.page.evaluate<string[]>(
      `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id))`,
    );

    expect(lost).toEqual([]);
  });
});
