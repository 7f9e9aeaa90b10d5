import { appserviceMsi } from "./appservice-msi.ts";
import { type Invocation, readCommandLine } from "./command-line.ts";
import { exitCodes } from "./exit-codes.ts";
import { explain } from "./explanation.ts";
import { UsageError } from "./failure.ts";
import { watchForInterruption } from "./interruption.ts";
import type { Io, Output } from "./io.ts";
import { paintFor } from "./paint.ts";
import { usageTail } from "./program.ts";

/**
 * The command `appservice-msi`: reads the command line, does what it says, and tells of errors in words.
 *
 * @param argv What follows the name of the command.
 * @returns The exit code.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const { signal, dispose } = watchForInterruption(io);
  let verbose = false;
  try {
    const read = readCommandLine(argv, appserviceMsi, io);
    if (read.kind === "shown") {
      return read.exitCode;
    }
    verbose = read.options["verbose"] === true;
    return await run(read, io, signal);
  } catch (error) {
    const { exitCode, lines } = explain(signal.aborted ? signal.reason : error, { verbose, env: io.env });
    lines.forEach((line) => io.stderr.write(`${line}\n`));
    return exitCode;
  } finally {
    await written(io.stdout);
    await written(io.stderr);
    dispose();
  }
}

/** Waits until all that was said has gone out, or cannot. */
function written(output: Output): Promise<void> {
  return new Promise((resolve) => output.write("", () => resolve()));
}

async function run({ command, options, operands }: Invocation, io: Io, signal: AbortSignal): Promise<number> {
  const print = (lines: string): void => void io.stdout.write(`${lines}\n`);
  const tell = (lines: string): void => void io.stderr.write(`${lines}\n`);
  const paint = paintFor(io.stdout, io.env);
  try {
    const exitCode = await command.run({ io, options, operands, signal, print, tell, paint });
    return exitCode ?? exitCodes.done;
  } catch (error) {
    throw error instanceof UsageError && error.usage === undefined
      ? new UsageError(error.message, {
          usage: `${appserviceMsi.name} ${command.name} ${usageTail(command)}`,
          cause: error,
        })
      : error;
  }
}
