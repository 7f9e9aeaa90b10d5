import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePage } from "../docs/markdown.ts";
import type { Project } from "./project.ts";
import type { Trial } from "./trial.ts";

const page = "packages/emulator/README.md";

/** The test of the emulator's README, and the change that it tells users of Jest to make. */
function readRecipe(): { test: string; removed: string; added: string } {
  const { blocks } = parsePage(page, readFileSync(join(import.meta.dirname, "../..", page), "utf8"));
  const test = blocks.find(({ code }) => code.includes('from "vitest"'))?.code;
  const change = blocks.find(({ language, code }) => language === "diff" && code.includes("@jest/globals"))?.code;
  const [, removed, added] = /^-(.*)\n\+(.*)$/m.exec(change ?? "") ?? [];
  if (test === undefined || removed === undefined || added === undefined || !test.includes(removed)) {
    throw new Error(`${page} has no test for Vitest with a change for Jest that fits it`);
  }
  return { test, removed, added };
}

async function runVitest(project: Project): Promise<void> {
  project.write("vitest.test.js", readRecipe().test);
  await project.run([process.execPath, "node_modules/vitest/vitest.mjs", "run", "vitest.test.js"]);
}

async function runJest(project: Project): Promise<void> {
  const { test, removed, added } = readRecipe();
  project.write("jest.test.js", test.replace(removed, added));
  const options = { NODE_OPTIONS: "--experimental-vm-modules" };
  await project.run([process.execPath, "node_modules/jest/bin/jest.js", "--rootDir=.", "jest.test.js"], options);
}

const runners = { Vitest: runVitest, Jest: runJest };

export const testRunnerTrials: readonly Trial[] = Object.entries(runners).map(([row, run]) => ({
  table: "Test runners",
  row,
  column: "the test of the emulator's README",
  version: ({ newest }) => newest.manifest(row.toLowerCase()).version,
  run: async ({ newest }) => {
    await run(newest);
    return "passes";
  },
}));
