import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CodeBlock, readPages, root } from "./markdown.ts";

const execute = promisify(execFile);

/** `ts` is checked and run; `js` and the like would be neither, so there is none. */
const languages = [
  "",
  "diff",
  "dockerfile",
  "http",
  "json",
  "jsonc",
  "mermaid",
  "powershell",
  "sh",
  "text",
  "ts",
  "yaml",
];

const blocks = readPages().flatMap((page) => page.blocks);
const modules = blocks.filter(({ language }) => language === "ts");
const runnable = modules.filter(({ flags }) => !flags.includes("no-run"));

// Inside the workspace, so that packages are found by their names.
const generated = join(import.meta.dirname, "dist");
let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  mkdirSync(generated, { recursive: true });
  folder = mkdtempSync(join(generated, "blocks-"));
  for (const block of modules) {
    // Empty lines in front: an error in line 12 is in line 12 of the page.
    writeFileSync(join(folder, moduleName(block)), "\n".repeat(block.line - 1) + block.code);
  }
  emulator = await startEmulator();
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function moduleName({ file, line }: CodeBlock): string {
  return `${file.replaceAll("/", "-")}-${line}.ts`;
}

async function typeErrors(): Promise<string> {
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: { noEmit: true, moduleDetection: "force", noUnusedLocals: false, noUnusedParameters: false },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const result = execute(join(root, "node_modules/.bin/tsc"), ["--pretty", "false"], { cwd: folder });
  const { stdout } = await result.catch((error: { stdout: string }) => error);
  return stdout;
}

describe("the code on our pages", () => {
  it.each(blocks)("is in a language that the tests know, $file:$line", ({ language, flags }) => {
    expect(languages).toContain(language);
    expect(flags).toEqual(flags.filter((flag) => flag === "no-run"));
  });

  it.runIf(modules.length > 0)("has the right types", { timeout: 60_000 }, async () => {
    expect(await typeErrors()).toBe("");
  });

  it.for(runnable)("runs in an app that has a managed identity, $file:$line", { timeout: 30_000 }, async (block) => {
    await execute(process.execPath, [join(folder, moduleName(block))], {
      env: { PATH: process.env["PATH"], ...emulator.env },
      timeout: 25_000,
    });
  });
});
