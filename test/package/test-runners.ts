import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePage } from "../docs/markdown.ts";
import type { Project } from "./project.ts";
import type { Trial } from "./trial.ts";

const page = "packages/emulator/README.md";

/** The test of the emulator's README for Vitest, and what it becomes for Jest by the changes that the page tells. */
function readRecipes(): { vitest: string; jest: string } {
  const { blocks } = parsePage(page, readFileSync(join(import.meta.dirname, "../..", page), "utf8"));
  const vitest = blocks.find(({ code }) => code.includes('from "vitest"'))?.code ?? "";
  const changes =
    blocks.find(({ language, code }) => language === "diff" && code.includes("@jest/globals"))?.code ?? "";
  const lines = [...changes.matchAll(/^-(.*)\n\+(.*)$/gm)];
  if (lines.length === 0 || lines.some(([, removed = ""]) => !vitest.includes(removed))) {
    throw new Error(`${page} has no test for Vitest with changes for Jest that fit it`);
  }
  return {
    vitest,
    jest: lines.reduce((test, [, removed = "", added = ""]) => test.replace(removed, () => added), vitest),
  };
}

async function runVitest(project: Project): Promise<void> {
  project.write("vitest.test.js", readRecipes().vitest);
  await project.run([process.execPath, "node_modules/vitest/vitest.mjs", "run", "vitest.test.js"]);
}

async function runJest(project: Project): Promise<void> {
  project.write("jest.test.js", readRecipes().jest);
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
