import * as fc from "fast-check";

/** An identity that a credential of the run asks for: the system-assigned one, or one of many with an id of its own. */
export type IdentityChoice = "systemAssigned" | "objectId" | `clientId ${number}`;

/** What is wrong with the endpoint for a while. */
export const faultKinds = [
  "refused",
  "reset",
  "hang",
  "slow",
  "flaky",
  "status 302",
  "status 400",
  "status 401",
  "status 404",
  "status 408",
  "status 429",
  "status 500",
  "status 501",
  "status 503",
  "status 504",
  "throttled",
  "unavailable for long",
  "truncated",
  "cut off",
  "html",
  "empty",
  "null",
  "no expiry",
  "expired token",
  "short token",
  "older token",
  "wrong identity",
  "other API version only",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Times of a scenario are in seconds since its begin. */
export interface Fault {
  readonly at: number;
  readonly forSeconds: number;
  readonly kind: FaultKind;
}

/** Callers that come at one time, for one token. */
export interface Burst {
  readonly at: number;
  readonly credential: number;
  readonly resource: number;
  readonly callers: number;
  /** Some of the callers give up: after so many milliseconds. */
  readonly abortAfterInMs?: number | undefined;
  /** The first of the callers was refused by a service, and asks with claims. */
  readonly claims?: boolean | undefined;
  /** The callers come with a shorter time limit of their own. */
  readonly timeoutInMs?: number | undefined;
}

/** One caller after another, for one token: somebody is there whenever a request may be due. */
export interface Stream {
  readonly at: number;
  readonly callers: number;
  readonly everyInMs: number;
  readonly credential: number;
  readonly resource: number;
}

/** The platform gives the endpoint another secret; the app's variables follow some time later. */
export interface Rotation {
  readonly at: number;
  readonly lagInSeconds: number;
}

/** The host restarts: the endpoint is away, and comes back at another address. */
export interface Restart {
  readonly at: number;
  readonly forSeconds: number;
}

/** The wall clock of the app is wrong for a while. */
export interface Skew {
  readonly at: number;
  readonly forSeconds: number;
  readonly byInMs: number;
}

/** All that happens in one run. */
export interface Scenario {
  /** Decides latencies and jitter. */
  readonly seed: number;
  readonly days: number;
  readonly identities: readonly IdentityChoice[];
  readonly resources: number;
  readonly tokenLifetimeInS: number;
  /** Whether the platform hands out the same token until little of its life is left. */
  readonly platformCache: boolean;
  readonly speaks: "both" | "2019-08-01" | "2017-09-01";
  /** The endpoint listens only after so many seconds. */
  readonly lateStartInS: number;
  readonly bursts: readonly Burst[];
  readonly streams: readonly Stream[];
  /** So many resources are asked for once each, in the course of the run. */
  readonly strangers: number;
  readonly faults: readonly Fault[];
  readonly rotations: readonly Rotation[];
  readonly restarts: readonly Restart[];
  readonly skews: readonly Skew[];
}

const day = 86_400;

/** Scenarios of days to months. Shrinking takes away what happens, and then makes it shorter and earlier. */
export function scenarios(): fc.Arbitrary<Scenario> {
  return fc.integer({ min: 1, max: 60 }).chain((days) => {
    const at = fc.integer({ min: 0, max: days * day });
    return fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      days: fc.constant(days),
      identities: identities(),
      resources: fc.integer({ min: 1, max: 24 }),
      tokenLifetimeInS: fc.oneof(
        { weight: 4, arbitrary: fc.constant(day) },
        { weight: 2, arbitrary: fc.integer({ min: 3_600, max: day }) },
        { weight: 1, arbitrary: fc.integer({ min: 20, max: 3_600 }) },
      ),
      platformCache: fc.boolean(),
      speaks: fc.constantFrom("both", "2019-08-01", "2017-09-01"),
      lateStartInS: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
      bursts: fc.array(bursts(at), { minLength: 1, maxLength: 60 }),
      streams: fc.array(streams(at), { maxLength: 3 }),
      strangers: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 400 })),
      faults: fc.array(fc.record({ at, forSeconds: duration, kind: fc.constantFrom(...faultKinds) }), {
        maxLength: 12,
      }),
      rotations: fc.array(fc.record({ at, lagInSeconds: fc.integer({ min: 0, max: 60 }) }), { maxLength: 5 }),
      restarts: fc.array(fc.record({ at, forSeconds: fc.integer({ min: 0, max: 30 }) }), { maxLength: 3 }),
      skews: fc.array(fc.record({ at, forSeconds: duration, byInMs: jump }), { maxLength: 2 }),
    });
  });
}

const duration = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 120 }) },
  { weight: 2, arbitrary: fc.integer({ min: 120, max: 7_200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 7_200, max: 3 * day }) },
);

const jump = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -600_000, max: 600_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * day * 1000, max: 2 * day * 1000 }) },
);

function identities(): fc.Arbitrary<IdentityChoice[]> {
  const withIds = Array.from({ length: 30 }, (_, index): IdentityChoice => `clientId ${index + 1}`);
  const any = fc.constantFrom<IdentityChoice>("systemAssigned", "objectId", ...withIds);
  return fc.oneof(
    { weight: 7, arbitrary: fc.uniqueArray(any, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.uniqueArray(any, { minLength: 12, maxLength: 32 }) },
  );
}

function streams(at: fc.Arbitrary<number>): fc.Arbitrary<Stream> {
  return fc.record({
    at,
    callers: fc.integer({ min: 1, max: 3_000 }),
    everyInMs: fc.integer({ min: 500, max: 20_000 }),
    credential: fc.nat({ max: 31 }),
    resource: fc.nat({ max: 23 }),
  });
}

function bursts(at: fc.Arbitrary<number>): fc.Arbitrary<Burst> {
  return fc.record({
    at,
    credential: fc.nat({ max: 31 }),
    resource: fc.nat({ max: 23 }),
    callers: fc.oneof(
      { weight: 32, arbitrary: fc.integer({ min: 1, max: 8 }) },
      { weight: 8, arbitrary: fc.integer({ min: 50, max: 200 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 3_000 }) },
    ),
    abortAfterInMs: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined, freq: 5 }),
    claims: fc.option(fc.constant(true), { nil: undefined, freq: 8 }),
    timeoutInMs: fc.option(fc.integer({ min: 50, max: 30_000 }), { nil: undefined, freq: 4 }),
  });
}
