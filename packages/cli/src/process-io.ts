import type { Io } from "./io.ts";

/** The signals with which people and platforms ask a program to stop. */
const stopSignals: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGINT", "SIGBREAK", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** The signals that mean what a program likes. Node itself takes SIGUSR1 for its debugger, unless somebody listens. */
const otherSignals: readonly NodeJS.Signals[] = process.platform === "win32" ? [] : ["SIGUSR1", "SIGUSR2"];

/** The world of this process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    stdin,
    stdout,
    stderr,
    now: () => Date.now(),
    onSignal(listener, { all = false } = {}) {
      const signals = all ? [...stopSignals, ...otherSignals] : stopSignals;
      signals.forEach((signal) => process.on(signal, listener));
      return () => signals.forEach((signal) => process.off(signal, listener));
    },
  };
}
