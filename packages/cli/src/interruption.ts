import { constants } from "node:os";
import type { Io } from "./io.ts";

/** Why a command is to stop: a signal came, or nobody reads its output any more. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  constructor(reason: NodeJS.Signals | "EPIPE") {
    super(`stopped by ${reason}`);
    this.exitCode = reason === "EPIPE" ? 0 : exitCodeOfSignal(reason);
  }
}

/** What a shell makes of a signal: 128 and its number. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * A signal that aborts at the first request to stop, with an `Interruption` as its reason. After that the world is as it was: the next
 * signal ends the process, so nobody is held by a command that does not come to its end.
 */
export function watchForInterruption(io: Io): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const stopListening = io.onSignal((signal) => {
    stopListening();
    controller.abort(new Interruption(signal));
  });
  const onError = (error: NodeJS.ErrnoException): void => {
    controller.abort(error.code === "EPIPE" ? new Interruption("EPIPE") : error);
  };
  const outputs = [io.stdout, io.stderr];
  outputs.forEach((output) => output.on("error", onError));
  return {
    signal: controller.signal,
    dispose() {
      stopListening();
      outputs.forEach((output) => output.off("error", onError));
    },
  };
}

/** The promise's outcome, or the reason of the abort, whichever comes first. */
export async function orInterrupted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Waits until the command is to stop. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}
