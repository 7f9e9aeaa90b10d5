import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import type { Contestant } from "./question.ts";

const root = join(import.meta.dirname, "..");
const credentialFolder = join(root, "packages/credential");
const installed = join(import.meta.dirname, "node_modules");

/** What each contestant's module holds: a class named `Credential`, under the name its package gives it. */
const entries: Readonly<Record<string, string>> = {
  ours: 'export { AppServiceMsiCredential as Credential } from "@appservice-msi/credential";',
  incumbent: 'export { ManagedIdentityCredential as Credential } from "@azure/identity";',
  empty: "export {};",
};

/** A folder like a user's app: the packages as they are published, and the programs to measure as plain JavaScript. */
export interface Stage {
  readonly folder: string;
  /** Our package as published. */
  readonly packageFolder: string;
  /** The file of a program. */
  program(name: string): string;
  /** The address of the module that exports the contestant's `Credential`, or of one that exports nothing. */
  module(name: Contestant | "empty"): string;
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
  for (const [name, code] of Object.entries(entries)) {
    writeFileSync(join(folder, `${name}.mjs`), code);
  }
  placePrograms(folder);
  return {
    folder,
    packageFolder,
    program: (name) => join(folder, `${name}.mjs`),
    module: (name) => pathToFileURL(join(folder, `${name}.mjs`)).href,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** Compiled and with the manifest that users get: TypeScript sources would be charged for being stripped of their types. */
function placePackage(folder: string): void {
  const { name, version, type, sideEffects, publishConfig } = JSON.parse(
    readFileSync(join(credentialFolder, "package.json"), "utf8"),
  );
  mkdirSync(folder, { recursive: true });
  const manifest = { name, version, type, sideEffects, exports: publishConfig.exports };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const project = join(credentialFolder, "tsconfig.build.json");
  execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", project, "--outDir", join(folder, "dist")]);
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
