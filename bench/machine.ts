import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem, type } from "node:os";
import { join } from "node:path";

/** What was compared, and on what. */
export interface Setting {
  readonly date: string;
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryInGB: number;
  readonly versions: Readonly<Record<string, string>>;
}

const packages = [
  "@appservice-msi/credential",
  "@azure/identity",
  "@azure/storage-blob",
  "@azure/keyvault-secrets",
  "esbuild",
  "rollup",
];

/** This machine and the versions installed. */
export function describeSetting(): Setting {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    system: type(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryInGB: Math.round(totalmem() / 1e9),
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

/** The installed version of a package that is measured. */
export function versionOf(name: string): string {
  const manifest = readFileSync(join(import.meta.dirname, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
