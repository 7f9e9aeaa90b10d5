#!/usr/bin/env node
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

// A reader that has gone away is no error, not even after the last line.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
}

// What was interrupted may still hold a connection or wait for input: it must not hold the process.
process.exit(await main(process.argv.slice(2), processIo()));
