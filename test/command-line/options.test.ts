import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

/** `compare` reads its options itself, and has tests of its own. */
const names = ["demo", "bench", "soak", "screenshot", "consumers", "fuzz", "fleet", "simulate", "conformance", "check"];

function run(name: string, ...options: string[]) {
  const [, ...script] = scripts[name]?.split(" ") ?? [];
  return spawnSync(process.execPath, [...script, ...options], { cwd: root, encoding: "utf8", timeout: 20_000 });
}

test.each(names)("pnpm %s refuses an option that it does not know, and explains itself", (name) => {
  const { status, stdout, stderr } = run(name, "--nonsense");

  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("'--nonsense'");
  expect(stderr).toContain(`\n\nUsage: npx -y pnpm@12 ${name}`);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("--help is no mistake", () => {
  expect(run("demo", "--help")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Usage: npx -y pnpm@12 demo /) as string,
    stderr: "",
  });
});

test("a number that is none is refused", () => {
  expect(run("demo", "--blob-port", "http")).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^--blob-port takes a number\.\n\nUsage: /) as string,
  });
});
