const minute = 60_000;
const hour = 60 * minute;

/** A token with less life than this left is not handed out without trying for a new one. */
export const minLifeInMs = 30_000;

/** No refresh sooner than this after the last one, whatever the platform's cache brought. */
const minRefreshIntervalInMs = 5_000;

/** The share of the time to the refresh point over which a fleet is spread. */
const jitterShare = 0.1;

const firstBackoffInMs = 10_000;
const maxBackoffInMs = 5 * minute;

/**
 * When a token that just arrived is due for refresh, in milliseconds since 1970, never after its expiry: half of its life if more
 * than 2 h remain, else 5 minutes before expiry or a quarter of the remaining life, the smaller; or when the endpoint says
 * so. Jitter moves the point up to a tenth earlier, so that instances started together do not refresh together.
 *
 * @param random Between 0 and 1.
 * @param refreshOn The endpoint's own wish, if it has one. Not before now and not after expiry, or it does not count.
 */
export function refreshPoint(now: number, expiresOn: number, random: number, refreshOn?: number): number {
  const left = expiresOn - now;
  const asked = refreshOn !== undefined && refreshOn > now && refreshOn < expiresOn ? refreshOn - now : undefined;
  const wait = asked ?? (left > 2 * hour ? left / 2 : left - Math.min(5 * minute, left / 4));
  const spread = wait * (1 - jitterShare * random);
  return Math.min(expiresOn, Math.floor(now + Math.max(spread, minRefreshIntervalInMs)));
}

/**
 * When to try again after a refresh has failed, in milliseconds since 1970: growing from 10 s to 5 min, but soon enough for
 * several tries before the token expires.
 *
 * @param failures How many refreshes in a row have failed, this one included.
 * @param random Between 0 and 1.
 */
export function nextTry(now: number, expiresOn: number, failures: number, random: number): number {
  const growing = Math.min(maxBackoffInMs, firstBackoffInMs * 2 ** (failures - 1));
  const wait = Math.min(growing, Math.max((expiresOn - now) / 4, minRefreshIntervalInMs));
  return Math.min(expiresOn, Math.floor(now + wait * (1 - jitterShare * random)));
}
