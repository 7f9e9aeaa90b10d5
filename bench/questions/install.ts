import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { versionOf } from "../machine.ts";
import type { Bench, Question, Row } from "../question.ts";
import { summarize } from "../statistics.ts";

const execute = promisify(execFile);
const credentialFolder = join(import.meta.dirname, "../../packages/credential");

/** What an installation brings into `node_modules`. */
interface Installed {
  readonly packages: number;
  readonly bytes: number;
}

/** Our package with the manifest that `pnpm pack` writes and the JavaScript of this run. */
async function packCredential({ stage }: Bench): Promise<string> {
  const folder = join(stage.folder, "packed");
  mkdirSync(folder, { recursive: true });
  const pack = ["pack", "--json", "--pack-destination", folder];
  const { stdout } = await execute("npx", ["--yes", "pnpm@12", "--dir", credentialFolder, ...pack]);
  const { filename } = JSON.parse(stdout) as { filename: string };
  await execute("tar", ["-xzf", filename, "-C", folder]);
  const packed = join(folder, "package");
  rmSync(join(packed, "dist"), { recursive: true, force: true });
  cpSync(join(stage.packageFolder, "dist"), join(packed, "dist"), { recursive: true });
  return packed;
}

/** Installs into an empty folder and counts what has come. */
async function install({ stage }: Bench, name: string, specifiers: readonly string[]): Promise<Installed> {
  const folder = join(stage.folder, "installed", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--install-links", "--loglevel=error"];
  await execute("npm", ["install", ...quietly, ...specifiers], { cwd: folder });
  const lockfile = readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8");
  const { packages } = JSON.parse(lockfile) as { packages: object };
  return { packages: Object.keys(packages).length, bytes: bytesIn(join(folder, "node_modules")) };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".package-lock.json")
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

interface App {
  readonly key: string;
  readonly what: string;
  readonly present: readonly string[];
}

const apps: readonly App[] = [
  { key: "alone", what: "into an empty folder", present: [] },
  { key: "storage", what: "beside @azure/storage-blob", present: ["@azure/storage-blob"] },
];

async function addedTo(bench: Bench, { key, what, present }: App, packed: string): Promise<Row[]> {
  const before = present.length === 0 ? { packages: 0, bytes: 0 } : await install(bench, key, present);
  const after = {
    ours: await install(bench, `${key}-ours`, [...present, packed]),
    incumbent: await install(bench, `${key}-incumbent`, [
      ...present,
      `@azure/identity@${versionOf("@azure/identity")}`,
    ]),
  };
  const added = (of: keyof Installed, contestant: "ours" | "incumbent") =>
    summarize([after[contestant][of] - before[of]]);
  return (["packages", "bytes"] as const).map((unit) => ({
    id: `install.${key}.${unit}`,
    what: `${what}: ${unit}`,
    unit,
    figures: { ours: added(unit, "ours"), incumbent: added(unit, "incumbent") },
  }));
}

export const installation: Question = {
  name: "install",
  title: "What npm install adds to node_modules",
  async measure(bench) {
    const packed = await packCredential(bench);
    const rows: Row[] = [];
    for (const app of apps) {
      rows.push(...(await addedTo(bench, app, packed)));
    }
    return rows;
  },
};
