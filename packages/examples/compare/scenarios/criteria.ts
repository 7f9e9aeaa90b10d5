import type { Outcome } from "#outcome";

/** A criterion: the same question to every outcome. */
export type Criterion = (outcome: Outcome) => boolean;

export const gotToken: Criterion = ({ ended }) => ended === "token";

export const failed: Criterion = ({ ended }) => ended === "error";

/** Reads loopback speed on a busy machine as "at once", and no retry of anyone. */
const atOnceInMs = 400;

export const atOnce: Criterion = ({ durationInMs }) => durationInMs < atOnceInMs;

export const sent =
  (count: number): Criterion =>
  ({ requestCount }) =>
    requestCount === count;

export const said =
  (text: string | RegExp): Criterion =>
  ({ error }) =>
    error !== undefined && error.message.search(text) !== -1;

export const wasAborted: Criterion = ({ error }) => error?.name === "AbortError";

export const all =
  (...criteria: readonly Criterion[]): Criterion =>
  (outcome) =>
    criteria.every((holds) => holds(outcome));
