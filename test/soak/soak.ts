import type * as credentialModule from "@appservice-msi/credential";
import { chance } from "../chance.ts";
import { EndpointProcess } from "./endpoint-process.ts";
import { findGrowth } from "./flatness.ts";
import { type Reading, readGauge } from "./gauge.ts";
import { type Tally, Traffic } from "./traffic.ts";

/** How long the run takes, and what decides its faults. */
export interface SoakOptions {
  readonly forInMs: number;
  readonly seed: number;
  readonly onSample?: (sample: Sample, tally: Tally) => void;
}

/** The state of both processes at one rest. Counts are since the begin. */
export interface Sample {
  readonly atInMs: number;
  readonly calls: number;
  readonly errors: number;
  readonly requests: number;
  readonly faults: number;
  readonly app: Reading;
  readonly endpoint: Reading;
}

/** What a long run came to. */
export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly tally: Tally;
  /** What grew, and what happened that must not. Empty: the run has passed. */
  readonly complaints: readonly string[];
}

/** How many times the callers pause for a reading. More would be all pauses, fewer no line. */
const rests = 60;
const shortestFlowInMs = 1_000;

/** Before the end of this, a handle may still belong to a call that is giving up. */
const patienceInMs = 8_000;

/** Has callers of every kind ask an endpoint in trouble, over real sockets, and watches what both processes hold. */
export async function soak(
  module: typeof credentialModule,
  { forInMs, seed, onSample }: SoakOptions,
): Promise<SoakResult> {
  await using endpoint = await EndpointProcess.start(seed);
  const traffic = new Traffic(module, endpoint.env, chance(seed));
  const { tally } = traffic;
  await traffic.warmUp();
  let usual = { app: Number.NEGATIVE_INFINITY, endpoint: Number.NEGATIVE_INFINITY };
  const samples: Sample[] = [];
  const begin = performance.now();
  while (performance.now() - begin < forInMs || samples.length < 3) {
    endpoint.beginTrouble();
    await traffic.flow(Math.max(forInMs / rests, shortestFlowInMs));
    const [app, { reading, requests, faults }] = await Promise.all([
      readGauge(usual.app, patienceInMs),
      endpoint.rest(usual.endpoint),
    ]);
    // The first rest takes all the time it may, and what is there then is what is usual.
    usual = samples.length === 0 ? { app: app.handles, endpoint: reading.handles } : usual;
    const errors = [...tally.errors.values()].reduce((sum, count) => sum + count, 0);
    const sample = { calls: tally.calls, errors, requests, faults, app, endpoint: reading };
    samples.push({ atInMs: performance.now() - begin, ...sample });
    onSample?.(samples.at(-1) as Sample, tally);
  }
  return { samples, tally, complaints: [...tally.violations, ...growth(samples)] };
}

/** The first sixth is left out: that long it takes until all that has a limit has reached it. */
function growth(samples: readonly Sample[]): string[] {
  const settled = samples.slice(Math.floor(samples.length / 6));
  return (["app", "endpoint"] as const).flatMap((who) =>
    findGrowth(
      who,
      settled.map((sample) => sample[who]),
    ),
  );
}
