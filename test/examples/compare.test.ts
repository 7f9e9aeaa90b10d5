import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Comparison, Row } from "@appservice-msi/example-compare/comparison";
import { groups } from "@appservice-msi/example-compare/scenarios";
import { readWish, UsageError } from "@appservice-msi/example-compare/usage";
import { startEmulator } from "@appservice-msi/emulator";
import MarkdownIt from "markdown-it";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const fileOf = (name: string): string => fileURLToPath(import.meta.resolve(`@appservice-msi/example-compare/${name}`));
const main = fileOf("main");

let folder: string;
let result: string;
let rows: ReadonlyMap<string, Row>;

beforeAll(async () => {
  const only = ["client-id", "thousand-callers", "only-2017", "http-proxy"].flatMap((name) => ["--only", name]);
  const { stdout } = await run(process.execPath, [main, ...only, "-o", "json"], { timeout: 60_000 });
  folder = await mkdtemp(join(tmpdir(), "compare-test-"));
  result = join(folder, "result.json");
  await writeFile(result, stdout);
  const comparison = JSON.parse(stdout) as Comparison;
  rows = new Map(comparison.groups.flatMap((group) => group.rows.map((row) => [row.name, row])));
}, 90_000);

afterAll(() => rm(folder, { recursive: true }));

/** An output of the comparison that was made, or an option of its own. */
async function render(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [main, "--from", result, ...args]);
  return stdout;
}

function rowOf(name: string): Row {
  return rows.get(name) as Row;
}

test("in a handful of situations each credential does what the README says of it", () => {
  const signs = [...rows.values()].map(({ name, cells }) => [name, ...cells.map(({ met }) => (met ? "✓" : "✗"))]);

  expect(signs).toEqual([
    ["client-id", "✓", "✓", "✓"],
    ["thousand-callers", "✓", "✗", "✗"],
    ["only-2017", "✓", "✗", "✗"],
    ["http-proxy", "✓", "✗", "✗"],
  ]);
});

test("all send the same request for the same identity, and get the same claims", () => {
  const { cells, sameClaims } = rowOf("client-id");

  expect(new Set(cells.map(({ outcome }) => outcome.requests[0]?.path)).size).toBe(1);
  expect(sameClaims).toBe(true);
  expect(cells.map(({ outcome }) => outcome.token?.claims["appid"])).toEqual(Array(3).fill(expect.any(String)));
});

test("requests are counted where they leave the process", () => {
  const counts = rowOf("thousand-callers").cells.map(({ outcome }) => outcome.figures);

  expect(counts).toEqual([
    { 1: 1, 10: 1, 100: 1, 1000: 1 },
    { 1: 1, 10: 10, 100: 100, 1000: 1000 },
    { 1: 1, 10: 10, 100: 100, 1000: 1000 },
  ]);
});

test("the table has a row for each situation, and is as wide as the reader's terminal at the most", async () => {
  const lines = (await render()).split("\n");

  for (const { name } of rows.values()) {
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^│ ${name} +│`)));
  }
  expect(Math.max(...lines.filter((line) => line.startsWith("│")).map((line) => line.length))).toBeLessThanOrEqual(140);
});

test("the Markdown has a table for each part, and a row of four cells for each situation", async () => {
  const tokens = new MarkdownIt().parse(await render("-o", "markdown"), {});
  const count = (type: string): number => tokens.filter((token) => token.type === type).length;
  const parts = groups.filter(({ scenarios }) => scenarios.some(({ name }) => rows.has(name)));

  expect(count("table_open")).toBe(parts.length + 1); // and the one with the sums
  expect(count("td_open")).toBe((rows.size + 1) * 4);
});

test("a page of HTML is written beside what is printed", async () => {
  const file = join(folder, "page.html");

  expect(await render("-o", "json", "--html", file)).toContain('"thousand-callers"');
  expect(await render("-o", "html")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
});

test("every fault that the emulator can play has a situation", async () => {
  await using emulator = await startEmulator();
  const met = new Set(groups.flatMap(({ scenarios }) => scenarios.map(({ fault }) => fault?.name)));

  expect(emulator.faults.list().filter(({ name }) => !met.has(name))).toEqual([]);
});

test("what a trial tells holds neither the secret nor a token, wherever a credential may have put them", async () => {
  const secret = "s3cret-of-this-test";
  const token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln";
  await using emulator = await startEmulator({ secret });
  const IDENTITY_ENDPOINT = `${emulator.env.IDENTITY_ENDPOINT}?leak=${secret}&leaked=${token}`;
  const args = [fileOf("trial"), "AppServiceMsiCredential", "system-assigned", emulator.dashboardUrl];

  const { stdout } = await run(process.execPath, args, { env: { ...emulator.env, IDENTITY_ENDPOINT } });

  expect(stdout).toContain("leak=[secret]&leaked=[token]");
  expect(stdout).not.toContain(secret);
  expect(stdout).not.toContain("eyJ");
});

test.each([
  [["--nonsense"], "Unknown option"],
  [["-o", "yaml"], "table, json, markdown, html"],
  [["--only", "nonsense"], "There is no scenario nonsense"],
  [["nonsense"], "Unexpected argument"],
  [["--quick", "--write"], "--write keeps all there is"],
  [["--only", "html", "--from", "result.json"], "--from tries nothing"],
])("%j is refused in a sentence", (args, sentence) => {
  expect(() => readWish(args)).toThrow(UsageError);
  expect(() => readWish(args)).toThrow(sentence);
});

test("a refusal is for stderr, and its status is 2", async () => {
  const refusal = await run(process.execPath, [main, "-o", "yaml"]).catch((error: object) => error);

  expect(refusal).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("yaml") as string });
});

test("the command that a result names is the one that gives it again, without where it was written", () => {
  expect(readWish(["--only", "html", "--only", "404", "-o", "json", "--html", "/home/me/page.html"]).command).toBe(
    "npx -y pnpm@12 compare --only html --only 404",
  );
});

test("a quick comparison leaves out whatever takes long", () => {
  const { wanted } = readWish(["--quick"]);
  const chosen = groups.flatMap(({ scenarios }) => scenarios.filter(wanted));

  expect(chosen.length).toBeGreaterThan(5);
  expect(chosen.filter(({ waitsInMs }) => waitsInMs !== undefined)).toEqual([]);
});

test("a file that holds no comparison is an error that names it", async () => {
  const refusal = await run(process.execPath, [main, "--from", main]).catch((error: object) => error);

  expect(refusal).toMatchObject({ code: 1, stderr: expect.stringContaining(main) as string });
});

test("it minds no reader who has read enough", async () => {
  const child = spawn(process.execPath, [main, "--from", result, "-o", "json"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();

  const [errors, [exitCode]] = await Promise.all([child.stderr.toArray(), once(child, "exit")]);

  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: [] });
});
