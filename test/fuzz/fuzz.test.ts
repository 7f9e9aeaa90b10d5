import { expect, test } from "vitest";
import { fuzz, targets } from "./fuzz.ts";

/** `pnpm fuzz --runs 10000` looks further, with a seed of its own each time. */
const seed = 20_261_124;

test.each(targets.map((target) => ({ ...target })))(
  "$name: $claim",
  async (target) => {
    const { failure, runs, outcomes } = await fuzz(target, { runs: target.quickRuns, seed, timeLimitInMs: 25_000 });
    expect(failure).toBeUndefined();
    expect(runs).toBeGreaterThan(0);
    expect(outcomes.size).toBeGreaterThan(3); // else nothing was tried
  },
  40_000,
);
