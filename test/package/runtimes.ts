import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { nodePackages } from "./node-packages.ts";
import type { Project } from "./project.ts";
import { type Consumers, gotToken, type Trial } from "./trial.ts";

interface Runtime {
  readonly name: string;
  readonly installedAs: string;
  /** What runs a file. */
  command(project: Project): readonly string[];
}

const runtimes: readonly Runtime[] = [
  ...Object.keys(nodePackages).map((name) => ({
    name: name.replace("node-", "Node "),
    installedAs: name,
    command: ({ folder }: Project) => [join(folder, "node_modules", name, "bin/node")],
  })),
  { name: "Bun", installedAs: "bun", command: (project) => [ofThisPlatform(project, "bun", "bin/bun")] },
  // Deno asks before it lets a program reach anything.
  { name: "Deno", installedAs: "deno", command: (project) => [ofThisPlatform(project, "deno", "deno"), "run", "-A"] },
];

/** A program that a package brings in one of its optional dependencies, of which one is for this platform. */
function ofThisPlatform(project: Project, name: string, program: string): string {
  const folder = realpathSync(join(project.folder, "node_modules", name));
  const { resolve } = createRequire(join(folder, "package.json"));
  for (const candidate of Object.keys(project.manifest(name).optionalDependencies ?? {})) {
    try {
      return join(resolve(`${candidate}/package.json`), "..", program);
    } catch {
      continue; // for another platform
    }
  }
  throw new Error(`${name} has no program for ${platform()} ${arch()}`);
}

/** Asks the emulator of this process by the command, as an app's start script would. */
async function runCommand({ newest, emulator }: Consumers, runtime: Runtime): Promise<string> {
  const bin = join(newest.folder, "node_modules/@appservice-msi/cli/dist/bin.js");
  const command = [...runtime.command(newest), bin, "token", "--resource", "storage", "-o", "json"];
  const { resource } = JSON.parse(await newest.run(command, { ...emulator.env }));
  return gotToken(`${resource}\n`);
}

const ways: Readonly<Record<string, (consumers: Consumers, runtime: Runtime) => Promise<string>>> = {
  "`import`": async ({ newest }, runtime) => gotToken(await newest.run([...runtime.command(newest), "import.mjs"])),
  "`require()`": async ({ newest }, runtime) => gotToken(await newest.run([...runtime.command(newest), "require.cjs"])),
  "the command": runCommand,
};

export const runtimeTrials: readonly Trial[] = runtimes.flatMap((runtime) =>
  Object.entries(ways).map(([column, run]) => ({
    table: "Runtimes",
    row: runtime.name,
    column,
    version: ({ newest }) => newest.manifest(runtime.installedAs).version,
    run: (consumers) => run(consumers, runtime),
  })),
);
