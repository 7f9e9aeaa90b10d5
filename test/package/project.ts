import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { nodePackages } from "./node-packages.ts";
import type { Tarballs } from "./tarballs.ts";

const execute = promisify(execFile);
const template = join(import.meta.dirname, "project");

/** No program that a project runs takes longer. */
const timeoutInMs = 90_000;

/** A folder outside the workspace where somebody uses our packages. */
export interface Project {
  readonly folder: string;
  /** Runs a program there and returns what it prints; rejects with all that it said when it fails. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  write(file: string, text: string): void;
  /** The manifest of an installed package. */
  manifest(name: string): Manifest;
  [Symbol.dispose](): void;
}

/** What the trials want of a package.json. */
export interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A folder with nothing in it. */
export function emptyProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "consumer-")));
  return {
    folder,
    run: (command, env = {}) => run(folder, command, env),
    write: (file, text) => writeFileSync(join(folder, file), text),
    manifest: (name) => JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * The project of the folder `project`, installed by pnpm, which lets a package see what it has declared and nothing else; no
 * install script runs. Other versions of any package may be asked for.
 */
export async function installProject(tarballs: Tarballs, versions: Readonly<Record<string, string>>): Promise<Project> {
  const project = emptyProject();
  cpSync(template, project.folder, { recursive: true });
  const files = Object.fromEntries([...tarballs.files].map(([name, file]) => [name, `file:${file}`]));
  const manifest = JSON.parse(readFileSync(join(template, "package.json"), "utf8"));
  const dependencies = { ...files, ...nodePackages, "@azure/core-auth": "^1.0.0" };
  project.write("package.json", JSON.stringify({ ...manifest, dependencies }));
  // JSON is YAML. The same age as in pnpm-workspace.yaml, because nothing locks what these tools bring along.
  const settings = { minimumReleaseAge: 1440, strictDepBuilds: false, overrides: { ...files, ...versions } };
  project.write("pnpm-workspace.yaml", JSON.stringify(settings));
  await project.run(["pnpm", "install", "--ignore-scripts", "--no-frozen-lockfile", "--prefer-offline"]);
  return project;
}

async function run(folder: string, [program = "", ...args]: readonly string[], env: object): Promise<string> {
  const path = [join(folder, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const settings = {
    cwd: folder,
    // NODE_PATH, set by the shims of pnpm, would find what an installation lacks.
    env: { ...process.env, NODE_PATH: "", NO_COLOR: "1", FORCE_COLOR: undefined, ...env, PATH: path },
    timeout: timeoutInMs,
  };
  const { stdout } = await execute(program, args, settings).catch((error: Error & { stdout: string }) => {
    throw new Error(`${error.message}\n${error.stdout}`);
  });
  return stdout;
}
