import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("bin.ts", import.meta.resolve("@appservice-msi/cli")));

/** A folder with programs that a shell finds by their names: `appservice-msi`, as it is in the workspace, and what is added. */
export interface CommandFolder extends Disposable {
  readonly folder: string;
  /** For a shell that is to find them. */
  readonly env: NodeJS.ProcessEnv;
  /** Adds a program, in the words of `sh`. */
  add(name: string, script: string): void;
}

export function makeCommandFolder(): CommandFolder {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  const add = (name: string, script: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  add("appservice-msi", `exec '${process.execPath}' '${bin}' "$@"`);
  return {
    folder,
    env: { PATH: [folder, process.env["PATH"]].join(delimiter), HOME: folder },
    add,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
