// pnpm check: everything that must hold before a change lands, here and in CI alike.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import { readOptions, refuse } from "@appservice-msi/command-line";
import { root } from "./packages.ts";

interface Step {
  readonly name: string;
  readonly run: string;
  readonly update?: string;
}

/** The steps of a stage run side by side; a stage begins when the one before it has ended. */
const stages: readonly (readonly Step[])[] = [
  [
    { name: "format", run: "oxfmt --check", update: "oxfmt" },
    { name: "lint", run: "oxlint" },
    { name: "types", run: "tsc" },
    { name: "page-types", run: "tsc -p test/browser" }, // its tests run code in a browser: the DOM is known there only
    { name: "unused", run: "knip" },
    { name: "reference", run: "node packages/cli/docs.ts", update: "node packages/cli/docs.ts --update" },
    { name: "build", run: "node scripts/build.ts" },
  ],
  [
    { name: "api", run: "node scripts/api.ts", update: "node scripts/api.ts --update" },
    { name: "pack", run: "node scripts/pack.ts" },
  ],
  [{ name: "tests", run: "vitest run --project quick" }],
  [{ name: "coverage", run: "vitest run --project quick --coverage packages/credential/src test/wire test/errors" }],
  [{ name: "slow-tests", run: "vitest run --project slow" }],
];

interface Result {
  readonly name: string;
  readonly ok: boolean;
}

const known = stages.flat().map(({ name }) => name);
const usage = `Usage: npx -y pnpm@12 check [step]… [options]

  --without <step>  all steps but this one; may be repeated
  --update          rewrites what a program can: formatting, docs/cli.md, API reports

Steps: ${known.join(", ")}.`;

const { values: options, positionals } = readOptions({
  usage,
  allowPositionals: true,
  options: { update: { type: "boolean" }, without: { type: "string", multiple: true } },
});

async function perform(step: Step): Promise<Result> {
  const start = performance.now();
  const { ok, output } = await run((options.update && step.update) || step.run);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const mark = ok ? styleText("green", "ok    ") : styleText("red", "FAILED");
  const lastLine = stripVTControlCharacters(output).trimEnd().split("\n").at(-1);
  console.log(`${mark} ${step.name.padEnd(10)} ${seconds} s  ${ok ? lastLine : `\n${output.trimEnd()}\n`}`);
  return { name: step.name, ok };
}

function run(command: string): Promise<{ ok: boolean; output: string }> {
  const [program, ...args] = command.split(" ") as [string, ...string[]];
  const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...colour, PATH: path } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

const unknown = [...positionals, ...(options.without ?? [])].filter((name) => !known.includes(name));
if (unknown.length > 0) {
  refuse(usage, `There is no step ${unknown.join(", ")}.`);
}

const results: Result[] = [];
for (const stage of stages) {
  const steps = stage.filter(
    ({ name }) => (positionals.length === 0 || positionals.includes(name)) && !options.without?.includes(name),
  );
  results.push(...(await Promise.all(steps.map(perform))));
}
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
console.log(failed.length === 0 ? `check: all is well` : `check: failed in ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
