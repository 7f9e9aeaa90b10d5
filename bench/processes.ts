import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type Bench, type Contestant, contestants } from "./question.ts";
import { type Summary, summarize } from "./statistics.ts";

/** A program of `programs/` to run in a fresh process. */
export interface Run {
  readonly program: string;
  readonly contestant: Contestant | "empty";
  /** What else the program wants to know. */
  readonly input?: object;
  readonly nodeOptions?: readonly string[];
  /** Called when the program says that it is ready; it goes on when the promise is settled. */
  readonly onReady?: () => unknown;
}

/** No program may take longer. */
const timeoutInMs = 120_000;

/** Runs the program and returns what it reports. */
export async function runProgram<Result>({ stage, endpoint }: Bench, run: Run): Promise<Result> {
  const input = JSON.stringify({ module: stage.module(run.contestant), ...run.input });
  const child = spawn(process.execPath, [...(run.nodeOptions ?? []), stage.program(run.program), input], {
    // Nothing of this process's own variables, which may hold options for Node, a cache for compiled code, or a proxy.
    env: { ...endpoint.env, ...(process.env["SystemRoot"] && { SystemRoot: process.env["SystemRoot"] }) },
    stdio: ["ignore", "pipe", "pipe", ...(run.onReady ? (["ipc"] as const) : [])],
    timeout: timeoutInMs,
    killSignal: "SIGKILL",
  });
  child.once("message", () => {
    void Promise.resolve(run.onReady?.()).then(() => child.send("go"));
  });
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, "close"),
  ]);
  if (code !== 0) {
    throw new Error(`${run.program} of ${run.contestant} ended with ${code ?? signal}: ${errors.trim()}`);
  }
  return JSON.parse(output) as Result;
}

/** How often something is measured. */
export interface Turns {
  readonly turns: number;
  /** Default: all of them. */
  readonly who?: readonly Contestant[];
}

/** Measures each contestant once in every turn, so that whatever else the machine does meets them all. */
export async function inTurn(
  { turns, who = contestants }: Turns,
  measure: (contestant: Contestant) => Promise<number>,
): Promise<Partial<Record<Contestant, Summary>>> {
  const samples = new Map(who.map((contestant) => [contestant, [] as number[]]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [contestant, taken] of samples) {
      taken.push(await measure(contestant));
    }
  }
  return Object.fromEntries([...samples].map(([contestant, taken]) => [contestant, summarize(taken)]));
}
