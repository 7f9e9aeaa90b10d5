import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type Bench, type Contestant, contestants, type Row } from "./question.ts";
import { summarize } from "./statistics.ts";

/** The modules that export each contestant's `Credential`. */
const modules: Readonly<Record<Contestant, URL>> = {
  ours: new URL("programs/ours.ts", import.meta.url),
  incumbent: new URL("programs/incumbent.ts", import.meta.url),
  limit: new URL("programs/limit.ts", import.meta.url),
};

/** A program of `programs/` to run in a fresh process. */
export interface Run {
  readonly program: URL;
  readonly contestant: Contestant;
  /** What to load in place of the contestant's module. */
  readonly module?: URL | undefined;
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
  const module = pathToFileURL(stage.place(run.module ?? modules[run.contestant])).href;
  const input = JSON.stringify({ module, ...run.input });
  const program = stage.place(run.program);
  const child = spawn(process.execPath, [...(run.nodeOptions ?? []), program, input], {
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
    throw new Error(`${program} of ${run.contestant} ended with ${code ?? signal}: ${errors.trim()}`);
  }
  return JSON.parse(output) as Result;
}

/** What each contestant came to, turn by turn. */
export type Taken<Result> = Readonly<Partial<Record<Contestant, readonly Result[]>>>;

/** Measures each contestant once in every turn, so that whatever else the machine does meets them all. */
export async function takeTurns<Result>(
  turns: number,
  measure: (contestant: Contestant) => Promise<Result>,
): Promise<Taken<Result>> {
  const taken: Record<Contestant, Result[]> = { ours: [], incumbent: [], limit: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const contestant of contestants) {
      taken[contestant].push(await measure(contestant));
    }
  }
  return taken;
}

/** One figure for each contestant. */
export function summarizeEach<Result>(taken: Taken<Result>, pick: (result: Result) => number): Row["figures"] {
  return Object.fromEntries(
    Object.entries(taken).map(([contestant, results]) => [contestant, summarize(results.map(pick))]),
  );
}

/** `takeTurns` for measurements that are numbers. */
export async function measureInTurn(
  turns: number,
  measure: (contestant: Contestant) => Promise<number>,
): Promise<Row["figures"]> {
  return summarizeEach(await takeTurns(turns, measure), (result) => result);
}
