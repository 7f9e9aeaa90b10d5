import { spawn } from "cross-spawn"; // on Windows it finds npm.cmd and the like, which Node does not
import { Failure } from "../failure.ts";
import { exitCodeOfSignal } from "../interruption.ts";
import type { Input, Io, Output } from "../io.ts";

/** What a shell returns for a command that cannot be run, and for one that is not there. */
const cannotRun = 126;
const notFound = 127;

/** Keys that a terminal turns into signals, for every process in its foreground. */
const terminalSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/**
 * Runs a command as if it had been called itself: no shell in between, the same streams, signals passed on.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws Failure when it cannot be started, with the exit code that a shell would return.
 */
export async function runChild(command: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env, stdio: [inherited(io.stdin), inherited(io.stdout), inherited(io.stderr)] });
  // Streams that are none of the process, as in a test, are led through pipes.
  child.stdout?.pipe(io.stdout, { end: false });
  child.stderr?.pipe(io.stderr, { end: false });
  if (child.stdin !== null) {
    io.stdin.pipe(child.stdin.on("error", () => {})); // a child need not read its input
  }
  const stopPassing = io.onSignal(
    (signal) => {
      // Ctrl-C reaches the child by itself: passed on, it would come twice, which many programs take for "at once".
      if (!isAtTerminal(io) || !terminalSignals.includes(signal)) {
        child.kill(signal);
      }
    },
    { all: true },
  );
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(cannotStart(file, error)));
      child.once("close", (code, signal) => resolve(code ?? exitCodeOfSignal(signal ?? "SIGKILL")));
    });
  } finally {
    stopPassing();
    io.stdin.unpipe();
  }
}

/** Whether there is a terminal that sends signals: one that only input or outputs are led away from still does. */
function isAtTerminal({ stdin, stdout, stderr }: Io): boolean {
  return [stdin, stdout, stderr].some(({ isTTY }) => isTTY === true);
}

function inherited(stream: Input | Output): number | "pipe" {
  const { fd } = stream as { fd?: unknown };
  return typeof fd === "number" ? fd : "pipe";
}

function cannotStart(file: string, { code, message }: NodeJS.ErrnoException): Failure {
  switch (code) {
    case "ENOENT":
      return new Failure(
        notFound,
        `There is no command "${file}". No shell is in between: for its words, say sh -c "…".`,
      );
    case "EACCES":
      return new Failure(cannotRun, `"${file}" may not be run.`);
    default:
      return new Failure(cannotRun, `"${file}" cannot be run: ${message}`);
  }
}
