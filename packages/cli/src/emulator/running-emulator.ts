import type { RemoteEmulator } from "@appservice-msi/emulator";
import type { Context, Options, Values } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure, UsageError } from "../failure.ts";
import { emulatorVariable } from "../identity/azure-host.ts";
import { orInterrupted } from "../interruption.ts";
import { toFailure } from "./emulator-errors.ts";

/** The option of a command that works on a running emulator. */
export const runningEmulatorOptions = {
  emulator: {
    kind: "text",
    short: "e",
    value: "url",
    defaultSummary: emulatorVariable,
    summary: "address of the emulator's page, with its key",
  },
} as const satisfies Options;

/**
 * Does something with a running emulator.
 *
 * @throws Failure when none is named, none answers, or it refuses the key; UsageError for values that it refuses.
 */
export async function withEmulator<T>(
  { io, options, signal }: Pick<Context, "io" | "signal"> & { readonly options: Values<typeof runningEmulatorOptions> },
  use: (emulator: RemoteEmulator) => Promise<T>,
): Promise<T> {
  const { connectEmulator } = await import("@appservice-msi/emulator");
  const url = options.emulator ?? io.env[emulatorVariable] ?? "";
  checkUrl(url);
  try {
    const emulator = await orInterrupted(connectEmulator(url), signal);
    try {
      return await orInterrupted(use(emulator), signal);
    } finally {
      await emulator.close();
    }
  } catch (error) {
    // The client's error has a cause when nobody answers, and none when it is refused.
    const failure = toFailure(error, ({ cause }) => (cause === undefined ? exitCodes.refused : exitCodes.unreachable));
    throw failure instanceof Failure && isRefusedConnection(error) ? withAdvice(failure) : failure;
  }
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ECONNREFUSED";
}

/** One fault closes the port to this command as well, which so cannot clear it. */
function withAdvice({ exitCode, message, cause }: Failure): Failure {
  const advice =
    "Is it still running? If the fault not-listening is armed, its port is closed until the fault's time is over: wait, and try again.";
  return new Failure(exitCode, `${message} ${advice}`, { cause });
}

function checkUrl(url: string): void {
  if (url === "") {
    throw new Failure(
      exitCodes.notConfigured,
      `No emulator is named. Start one with appservice-msi emulator; then set ${emulatorVariable} as it prints it, or pass the address of its page as --emulator.`,
    );
  }
  if (!URL.canParse(url)) {
    throw new UsageError(
      `The emulator's address is no URL. It is that of its page, http://127.0.0.1:<port>/_emulator/#key=….`,
    );
  }
}
