import * as fc from "fast-check";
import { answers } from "./answers.ts";
import { bytes } from "./bytes.ts";
import { commandLine } from "./command-line.ts";
import { emulator } from "./emulator.ts";
import { misuse } from "./misuse.ts";
import type { Target } from "./target.ts";

/** All there is to be fed with nonsense. */
export const targets: readonly Target[] = [answers, bytes, misuse, emulator, commandLine];

/** How to run. Seed and path together replay one failure. */
export interface FuzzOptions {
  readonly runs: number;
  readonly seed?: number | undefined;
  readonly path?: string | undefined;
  readonly timeLimitInMs?: number;
}

/** What came of it. */
export interface FuzzResult {
  readonly runs: number;
  readonly seed: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** What did not hold, the smallest input that shows it, and how to see it again. */
  readonly failure?: string;
}

/** Feeds a target, and watches what the process itself has to say meanwhile. */
export async function fuzz(target: Target, { runs, seed, path, timeLimitInMs }: FuzzOptions): Promise<FuzzResult> {
  const stray: unknown[] = [];
  const note = (event: unknown): void => void stray.push(event);
  process.on("unhandledRejection", note).on("uncaughtException", note).on("warning", note);
  await using open = await target.open();
  try {
    const details = await fc.check(open.property, {
      numRuns: runs,
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path }),
      ...(timeLimitInMs === undefined ? {} : { interruptAfterTimeLimit: timeLimitInMs }),
    });
    await new Promise((resolve) => setTimeout(resolve, 50)); // for what comes late
    const failure = details.failed
      ? `${String((details.errorInstance as Error | null)?.message).slice(0, 1000)}\n${fc.defaultReportMessage(details)?.slice(0, 5000)}\n\nAgain: pnpm fuzz --only ${target.name} --seed ${details.seed} --path "${details.counterexamplePath}"`
      : stray.length > 0
        ? `The process heard of ${stray.length} stray errors or warnings with seed ${details.seed}, the first: ${String((stray[0] as Error | undefined)?.stack ?? stray[0])}`
        : undefined;
    const result = { runs: details.numRuns, seed: details.seed, outcomes: open.outcomes };
    return failure === undefined ? result : { ...result, failure };
  } finally {
    process.off("unhandledRejection", note).off("uncaughtException", note).off("warning", note);
  }
}
