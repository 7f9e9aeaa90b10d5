// Three credentials at one endpoint, side by side. `--help` says how.
import { parseArgs } from "node:util";
import { compare } from "./compare.ts";
import { print, readComparison, writeDocs, writePage } from "./output.ts";
import { choose, options, usage } from "./usage.ts";

const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort(new Error("Stopped.")));
process.once("SIGTERM", () => stopped.abort(new Error("Stopped.")));

try {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
  } else {
    const wanted = choose(values);
    const command = ["npx -y pnpm@12 compare", ...process.argv.slice(2)].join(" ");
    const comparison = await (values.from === undefined
      ? compare({ wanted, command, onProgress, abortSignal: stopped.signal })
      : readComparison(values.from));
    print(comparison, values.output);
    await (values.html !== undefined && writePage(comparison, values.html));
    await (values.write && writeDocs(comparison));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}

function onProgress(done: number, of: number): void {
  if (process.stderr.isTTY) {
    process.stderr.write(done === of ? "\r\u001b[K" : `\r${done} of ${of} trials`);
  }
}
