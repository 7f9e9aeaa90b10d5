import type { Io } from "./io.ts";

/** The signals with which people and platforms ask a program to stop. */
const stopSignals: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGINT", "SIGBREAK", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** The world of this process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    stdin,
    stdout,
    stderr,
    now: () => Date.now(),
    onSignal(listener) {
      stopSignals.forEach((signal) => process.on(signal, listener));
      return () => stopSignals.forEach((signal) => process.off(signal, listener));
    },
  };
}
