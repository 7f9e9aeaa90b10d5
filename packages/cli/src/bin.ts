#!/usr/bin/env node
import type { Writable } from "node:stream";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

const outputs: readonly Writable[] = [process.stdout, process.stderr];

// A reader that has gone away is no error, not even while the last lines are written.
for (const output of outputs) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}

const exitCode = await main(process.argv.slice(2), processIo());
// A pipe may take its time, and whatever was interrupted may still hold a connection.
await Promise.all(outputs.map((output) => new Promise<void>((resolve) => output.write("", () => resolve()))));
process.exit(exitCode);
