import * as fc from "fast-check";
import type * as credentialModule from "@appservice-msi/credential";
import type { Invariant, Violation } from "./invariants.ts";
import { play } from "./run.ts";
import { type Scenario, scenarios } from "./scenario.ts";

/** How many scenarios to play, and from where. */
export interface SimulationOptions {
  readonly seeds: number;
  /** Where the series of scenarios begins. Default: anywhere. */
  readonly seed?: number | undefined;
  /** Leads straight to one scenario of the series, or to a smaller form of it. */
  readonly path?: string | undefined;
  /** Whether to look for a smaller form of a failure. Default: true. */
  readonly shrink?: boolean;
  /** The time after which no smaller form of a failure is looked for. */
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
  readonly scenario: Scenario | undefined;
}

/** Plays scenarios with the given credential until one fails or all are done. */
export async function simulate(
  credential: typeof credentialModule,
  { seeds, seed, path, shrink = true, timeLimitInMs = 60_000 }: SimulationOptions,
): Promise<SimulationResult> {
  const totals = { runs: 0, calls: 0, requests: 0, virtualDays: 0 };
  const property = fc.asyncProperty(scenarios(), async (scenario) => {
    const { violations, calls, requests } = await play(scenario, credential);
    totals.runs += 1;
    totals.calls += calls;
    totals.requests += requests;
    totals.virtualDays += scenario.days;
    if (violations[0] !== undefined) {
      throw violations[0];
    }
  });
  const details = await fc.check(property, {
    numRuns: seeds,
    endOnFailure: !shrink,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
    interruptAfterTimeLimit: timeLimitInMs,
    markInterruptAsFailure: false,
  });
  return { ...totals, ...(details.failed && { failure: toFailure(details) }) };
}

function toFailure(details: fc.RunDetails<[Scenario]>): SimulationFailure {
  const error = details.errorInstance as Violation | Error | undefined;
  return {
    invariant: error && "invariant" in error ? error.invariant : "no crash",
    message: error?.message ?? String(details.errorInstance),
    seed: details.seed,
    path: details.counterexamplePath ?? "",
    scenario: details.counterexample?.[0],
  };
}
