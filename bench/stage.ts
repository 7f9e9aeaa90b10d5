import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

const root = join(import.meta.dirname, "..");
const credentialFolder = join(root, "packages/credential");
const installed = join(import.meta.dirname, "node_modules");

/** A folder like a user's app: the packages as they are published, and the programs to measure as plain JavaScript. */
export interface Stage {
  readonly folder: string;
  /** Our package as published. */
  readonly packageFolder: string;
  /** Where a file of `programs/` is as JavaScript. */
  place(program: URL): string;
  [Symbol.dispose](): void;
}

/** Puts the stage together in a temporary folder. */
export function setStage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), "appservice-msi-bench-"));
  const packageFolder = join(folder, "node_modules/@appservice-msi/credential");
  placePackage(packageFolder);
  for (const name of ["@azure/identity", "@azure/keyvault-secrets", "@azure/storage-blob"]) {
    link(join(installed, name), join(folder, "node_modules", name));
  }
  placePrograms(folder);
  return {
    folder,
    packageFolder,
    place: ({ pathname }) => join(folder, `${basename(pathname, ".ts")}.mjs`),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** Built and with the manifest that users get: TypeScript sources would be charged for being stripped of their types. */
function placePackage(folder: string): void {
  const { name, version, type, sideEffects, publishConfig } = JSON.parse(
    readFileSync(join(credentialFolder, "package.json"), "utf8"),
  );
  mkdirSync(folder, { recursive: true });
  const manifest = { name, version, type, sideEffects, exports: publishConfig.exports };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  execFileSync(process.execPath, [join(root, "scripts/build.ts")]);
  cpSync(join(credentialFolder, "dist"), join(folder, "dist"), { recursive: true });
  link(join(credentialFolder, "node_modules"), join(folder, "node_modules"));
}

function placePrograms(folder: string): void {
  const programs = join(import.meta.dirname, "programs");
  buildSync({
    entryPoints: readdirSync(programs).map((file) => join(programs, file)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node22",
  });
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}
