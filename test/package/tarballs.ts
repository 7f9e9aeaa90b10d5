import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const scripts = join(import.meta.dirname, "../../scripts");

/** What is in the workspace now, as users get it. */
export interface Tarballs {
  /** The files, by the name of the package. */
  readonly files: ReadonlyMap<string, string>;
  [Symbol.dispose](): void;
}

/** Builds, packs and checks the published packages. */
export function packTarballs(): Tarballs {
  const folder = mkdtempSync(join(tmpdir(), "tarballs-"));
  runScript("build.ts");
  runScript("pack.ts", folder);
  const files = globSync("*.tgz", { cwd: folder }).map((file): [string, string] => [
    file.replace(/^appservice-msi-([a-z]+)-.*/, "@appservice-msi/$1"),
    join(folder, file),
  ]);
  return { files: new Map(files), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function runScript(name: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(scripts, name), ...args], { stdio: ["ignore", "pipe", "inherit"] });
}
