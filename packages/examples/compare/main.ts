// Three credentials at one endpoint, side by side. `--help` says how.
import { compare } from "./compare.ts";
import { print, readComparison, writeDocs, writePage } from "./output.ts";
import { readWish, usage, UsageError } from "./usage.ts";

const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort(new Error("Stopped.")));
process.once("SIGTERM", () => stopped.abort(new Error("Stopped.")));

try {
  const { help, from, wanted, command, output, html, write } = readWish(process.argv.slice(2));
  if (help) {
    console.log(usage);
  } else {
    const comparison = await (from === undefined
      ? compare({ wanted, command, onProgress, abortSignal: stopped.signal })
      : readComparison(from));
    print(comparison, output);
    await (html !== undefined && writePage(comparison, html));
    await (write && writeDocs(comparison));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function onProgress(done: number, of: number): void {
  if (process.stderr.isTTY) {
    process.stderr.write(done === of ? "\r\u001b[K" : `\r${done} of ${of} trials`);
  }
}
