// pnpm consumers: tries the packed tarballs with every runtime, compiler, bundler and test runner, and writes what came of it
// into docs/consumers.md.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "@appservice-msi/command-line";
import { installConsumers } from "./consumers.ts";
import { renderResults, type Result } from "./report.ts";
import type { Consumers, Trial } from "./trial.ts";
import { trials } from "./trials.ts";

readOptions({
  usage: `Usage: npx -y pnpm@12 consumers

Installs the packed packages for every runtime, compiler, bundler and test runner, and writes docs/consumers.md.`,
  options: {},
});

const root = join(import.meta.dirname, "../..");
const page = join(root, "docs/consumers.md");
const begin = "<!-- results: written by `pnpm consumers` -->";

async function perform(trial: Trial, consumers: Consumers): Promise<Result> {
  const version = trial.version(consumers);
  const result = await trial.run(consumers).then(
    (outcome) => ({ trial, version, ok: true, outcome }),
    (error: unknown) => ({ trial, version, ok: false, outcome: String(error) }),
  );
  console.log(`${result.ok ? "ok    " : "FAILED"} ${trial.row} ${version}, ${trial.column}: ${result.outcome}`);
  return result;
}

function publish(text: string): void {
  const [before, after] = readFileSync(page, "utf8").split(begin);
  if (before === undefined || after === undefined) {
    throw new Error(`${page} lacks the line ${begin}`);
  }
  writeFileSync(page, `${before}${begin}\n\n${text}\n`);
  execFileSync(join(root, "node_modules/.bin/oxfmt"), [page], { cwd: root });
}

await using consumers = await installConsumers();
const results: Result[] = [];
for (const trial of trials) {
  results.push(await perform(trial, consumers));
}
publish(renderResults(results, new Date().toISOString().slice(0, 10)));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
