/** The longest pause between two tries to refresh, less the tenth that jitter may take. */
const longestPauseInMs = 270_000;

/** The shortest one, after a failure. */
export const shortestPauseInMs = 4_500;

/** No refresh of a token that was just got comes sooner. */
const shortestIntervalInMs = 5_000;

/** What is left of a token's life when it is refreshed, at most: half, and a tenth of the other half. */
const shareLeft = 0.55;

/** How many tries an attempt in one API version may take: the first, and `maxRetries` more. */
const triesOfAnAsk = 6;

/** While a platform sticks to a token that arrived with so much life left: how often it can be brought again. */
export function mostRepeats(lifeInMs: number): number {
  return 2 + Math.ceil(Math.log(Math.max(lifeInMs / shortestIntervalInMs, 1)) / Math.log(1 / shareLeft));
}

/** While refreshes bring nothing: how many of them fit into so much time, the last 20 minutes of a token's life included. */
export function mostFailures(forInMs: number): number {
  return 30 + forInMs / longestPauseInMs;
}

/**
 * How many requests reach the endpoint for one key: each miss, refresh and fallback, and each change of the variables, is a
 * reason for one ask at most.
 */
export function mostRequests(reasons: number): number {
  return triesOfAnAsk * reasons;
}

/** How many tokens of resources that nobody asks for any more are kept, by one credential. */
export function mostTokensKept(mostAlive: number): number {
  return Math.max(64, 2 * mostAlive) + 1;
}
