import * as fc from "fast-check";
import type * as credentialModule from "@appservice-msi/credential";
import type { Invariant, Violation } from "./invariants.ts";
import { play } from "./run.ts";
import { type Scenario, scenarios } from "./scenario.ts";

/** Which scenarios to play: one for each seed. */
export interface SimulationOptions {
  readonly seeds: number;
  /** The first seed; the others follow it. Default: 1. */
  readonly from?: number;
  /** Leads to a smaller form of the first seed's scenario, instead of the scenario itself. */
  readonly path?: string | undefined;
  /** Whether to look for a smaller form of a failure. Default: true, but for a path. */
  readonly shrink?: boolean;
  /** No new scenario is begun after so long. Default: never. */
  readonly timeLimitInMs?: number;
}

/** What all scenarios came to. */
export interface SimulationResult {
  readonly runs: number;
  readonly calls: number;
  readonly requests: number;
  readonly virtualDays: number;
  readonly failure?: SimulationFailure;
}

/** A scenario in which something did not hold, made as small as it gets, and the way back to it. */
export interface SimulationFailure {
  readonly invariant: Invariant | "no crash";
  readonly message: string;
  readonly seed: number;
  readonly path: string;
  readonly scenario: Scenario;
}

/** Plays scenarios with the given credential until one fails or all are done. */
export async function simulate(
  credential: typeof credentialModule,
  { seeds, from = 1, path, shrink = path === undefined, timeLimitInMs = Infinity }: SimulationOptions,
): Promise<SimulationResult> {
  const totals = { runs: 0, calls: 0, requests: 0, virtualDays: 0 };
  const end = performance.now() + timeLimitInMs;
  for (let seed = from; seed < from + seeds && performance.now() < end; seed += 1) {
    const played = { runs: 0 };
    const property = fc.asyncProperty(scenarios(), async (scenario) => {
      // By count and not by time, so that the same failure is always shrunk to the same.
      fc.pre(played.runs < mostShrinks);
      const { violations, calls, requests } = await play(scenario, credential);
      played.runs += 1;
      if (played.runs === 1) {
        totals.runs += 1;
        totals.calls += calls;
        totals.requests += requests;
        totals.virtualDays += scenario.days;
      }
      if (violations[0] !== undefined) {
        throw violations[0];
      }
    });
    const details = await fc.check(property, {
      seed: spread(seed),
      numRuns: 1,
      endOnFailure: !shrink,
      ...(path && { path }),
    });
    if (details.failed) {
      return { ...totals, failure: toFailure(seed, details) };
    }
  }
  return totals;
}

/** A smaller form of a failure is looked for in so many scenarios. */
const mostShrinks = 300;

/** Neighbouring seeds would bring scenarios that are much alike. */
function spread(seed: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  return Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b) | 0;
}

function toFailure(seed: number, details: fc.RunDetails<[Scenario]>): SimulationFailure {
  const error = details.errorInstance as Violation | Error | undefined;
  return {
    invariant: error && "invariant" in error ? error.invariant : "no crash",
    message: error?.message ?? String(details.errorInstance),
    seed,
    path: details.counterexamplePath ?? "",
    scenario: (details.counterexample as [Scenario])[0],
  };
}
