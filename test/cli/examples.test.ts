import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePage, root } from "../docs/markdown.ts";
import type { Run } from "../run-node.ts";
import { type CommandFolder, makeCommandFolder } from "./command-folder.ts";

const { blocks } = parsePage("cli.md", readFileSync(join(root, "docs/cli.md"), "utf8"));
const examples = blocks.flatMap(({ code }) => [...code.matchAll(/^# .*\n(.+)$/gm)].map(([, line = ""]) => line));
// What other shells make of `completion`, they say in shells.test.ts; and pass-through wants an account.
const examplesForHere = examples.filter((line) => !/zsh|fish|powershell|azure-cli/.test(line));

let command: CommandFolder;

/** The command, and what its examples speak of besides: an app, its tests, and a curl that looks at its header and asks nobody. */
beforeAll(() => {
  command = makeCommandFolder();
  command.add("curl", `printf '%s\\n' "$2" | grep -q '^Authorization: Bearer eyJ'`);
  writeFileSync(
    join(command.folder, "app.js"),
    "if (!process.env.IDENTITY_ENDPOINT) throw new Error('no endpoint');\n",
  );
  writeFileSync(join(command.folder, "package.json"), JSON.stringify({ scripts: { test: "node app.js" } }));
});
afterAll(() => command[Symbol.dispose]());

/** Runs a line in a shell. One that goes on gets Ctrl-C when it has said something. */
async function run(line: string, env: object, { goesOn }: { readonly goesOn: boolean }): Promise<Run> {
  const child = spawn("bash", ["-c", goesOn ? `exec ${line}` : line], {
    cwd: command.folder,
    env: { ...command.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  if (goesOn) {
    // No more than once, though it says something on both: a second Ctrl-C ends it on the spot.
    void Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]).then(() => child.kill("SIGINT"));
  }
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}

describe("An example of the help", () => {
  it.each(examplesForHere)("works as it stands: %s", async (line) => {
    const userAssigned = [{ name: "example", clientId: "00001111-aaaa-2222-bbbb-3333cccc4444" }];
    await using emulator = await startEmulator({ userAssigned });
    const env = { ...emulator.env, APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    await fetch(emulator.env.IDENTITY_ENDPOINT ?? ""); // there is something for the journal to show
    const { exitCode, stdout, stderr } = await run(line, env, { goesOn: /-msi emulator|--follow/.test(line) });
    const breaks = line.includes("--fault status-503 -- appservice-msi doctor");
    expect(exitCode, stdout + stderr).toBe(breaks ? 6 : 0);
    if (breaks) {
      expect(stdout).toMatch(/^FAIL {2}It answers with a token: answered 503, /m);
    }
  });
});
