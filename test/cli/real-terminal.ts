import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Terminal } from "@xterm/headless";

const bin = fileURLToPath(new URL("bin.ts", import.meta.resolve("@appservice-msi/cli")));

/** Whether there is the `script` of util-linux, which gives a program a terminal of its own. Every Linux has it; macOS has another. */
export const hasTerminals = String(spawnSync("script", ["--version"]).stdout).includes("util-linux");

/** The command in a process of its own at a terminal of 80 columns and 24 rows, and what that shows. */
export class RealTerminal {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #display = new Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  /** Everything that was written, as it came. */
  written = "";
  /** How it ended. */
  readonly exitCode: Promise<number>;

  constructor(argv: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
    const line = [
      "stty",
      "rows",
      "24",
      "cols",
      "80",
      ";",
      "exec",
      ...[process.execPath, bin, ...argv].map(quoted),
    ].join(" ");
    this.#process = spawn("script", ["--quiet", "--return", "--flush", "--command", line, "/dev/null"], {
      env: { PATH: process.env["PATH"], SHELL: "/bin/sh", TERM: "xterm-256color", ...env },
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.written += text;
      this.#display.write(text);
    });
    this.exitCode = once(this.#process, "close").then(([code]) => code as number);
  }

  /** Types, as a person would: `\u0003` is Ctrl-C. */
  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  /** What the terminal shows now, without empty lines at the end. */
  async show(): Promise<string> {
    await new Promise<void>((resolve) => this.#display.write("", resolve));
    const { active } = this.#display.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
    return lines.join("\n").trimEnd();
  }

  /** Waits until it shows something, and returns all that it shows then. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- until then
      const shown = await this.show();
      if (pattern.test(shown)) {
        return shown;
      }
      // oxlint-disable-next-line no-await-in-loop -- until then
      const [text] = await Promise.race([once(this.#process.stdout, "data"), once(this.#process, "close")]);
      if (typeof text !== "string") {
        throw new Error(`It has ended without ${pattern}:\n${shown}`);
      }
    }
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
