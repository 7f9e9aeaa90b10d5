import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** A folder outside the workspace where a user has installed our tarballs. */
export interface Installation {
  /** Runs a program there and returns what it prints; rejects with its output when it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  write(file: string, text: string): void;
  remove(): void;
}

/** Builds and packs what is in the workspace now, and installs the tarballs by npm in an empty folder, with more packages. */
export async function installTarballs(...more: string[]): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "installed-"));
  // NODE_PATH, set by the shims of pnpm, would find what an installation lacks.
  const settings = { cwd: folder, env: { ...process.env, NODE_PATH: "" } };
  const run: Installation["run"] = async (program, ...args) => {
    const { stdout } = await execute(program, args, settings).catch((error: Error & { stdout: string }) => {
      throw new Error(`${error.message}\n${error.stdout}`);
    });
    return stdout;
  };
  await run(process.execPath, join(root, "scripts/build.ts"));
  await run(process.execPath, join(root, "scripts/pack.ts"), folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const tarballs = globSync("*.tgz", { cwd: folder }).map((file) => `./${file}`);
  await run("npm", "install", "--no-audit", "--no-fund", ...tarballs, ...more);
  return {
    run,
    write: (file, text) => writeFileSync(join(folder, file), text),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** This package in the version that the workspace uses, as npm wants it written. */
export function asHere(name: string): string {
  const manifest = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
}
