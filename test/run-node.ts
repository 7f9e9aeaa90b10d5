import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** How a program ended, and what it said. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program may be given. */
export interface RunOptions {
  /** Its environment, whole: nothing of this process's own comes with it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Node's own options, before the program. */
  readonly nodeOptions?: readonly string[];
}

/** A program that takes longer than this hangs. */
const timeoutInMs = 15_000;

/**
 * Runs a program in a Node of its own, the same Node as this one, without a shell in between: what it imports is found as from
 * this folder.
 */
export async function runNode(program: string, { env = {}, nodeOptions = [] }: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [...nodeOptions, "--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutInMs,
    killSignal: "SIGKILL",
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("exit", resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}
