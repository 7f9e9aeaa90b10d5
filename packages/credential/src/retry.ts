/** 404 is what a host answers while the identity is not wired up yet: soon over, or for good. */
const maxNotFoundRetries = 3;

/** A longer `Retry-After` would take the app out of service for a hint. */
const maxRetryAfterInMs = 60_000;

const retriableStatuses: ReadonlySet<number> = new Set([404, 408, 429, 500, 502, 503, 504]);

/** Failures to set up TLS stay what they are until somebody changes a certificate, or `https` to `http`. */
const permanentErrorCode = /^(?:CERT_|ERR_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HPE_|EPROTO)/;

/** The two forms of RFC 9110 that name their zone. `Date.parse` alone would make a date of `a, 1 GMT`. */
const httpDate = /^\s*[a-z]{3,9}, \d{1,2}[ -][a-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT\s*$/i;

/** Pauses between tries, as the Azure SDK's `retryOptions` name them. Times are in milliseconds. */
export interface RetryLimits {
  readonly maxRetries: number;
  readonly retryDelayInMs: number;
  readonly maxRetryDelayInMs: number;
}

/** Whether an answer with this status may well be another one soon. */
export function isRetriableStatus(status: number): boolean {
  return retriableStatuses.has(status);
}

/** Whether a connection that failed with this code (`ECONNREFUSED`, …) may well succeed soon. */
export function isRetriableErrorCode(code: string | undefined): boolean {
  return code === undefined || !permanentErrorCode.test(code);
}

/** Whether another try is due after so many with the status. */
export function mayRetry(status: number | undefined, timesSeen: number): boolean {
  return status !== 404 || timesSeen <= maxNotFoundRetries;
}

/**
 * The pause before a retry: between half and the whole of an exponential delay, so that those who failed together do not
 * come back together.
 *
 * @param retryCount How many retries went before.
 * @param random Between 0 and 1.
 */
export function pauseInMs(retryCount: number, limits: RetryLimits, random: number): number {
  const doublings = Math.min(retryCount, 31); // without a limit, no delay times infinity is NaN
  const whole = Math.min(limits.maxRetryDelayInMs, limits.retryDelayInMs * 2 ** doublings);
  return Math.round(whole * (0.5 + random / 2));
}

/**
 * How long the headers ask to wait, at most 60 s: `retry-after-ms` and `x-ms-retry-after-ms` in milliseconds, `Retry-After` in
 * seconds or as an HTTP date. `undefined` when there is no such header, or it makes no sense.
 */
export function retryAfterInMs(header: (name: string) => string | undefined, now: number): number | undefined {
  const wait =
    decimalOf(header("retry-after-ms")) ??
    decimalOf(header("x-ms-retry-after-ms")) ??
    secondsToMs(decimalOf(header("retry-after"))) ??
    untilDate(header("retry-after"), now);
  return wait === undefined ? undefined : Math.min(Math.ceil(wait), maxRetryAfterInMs);
}

function decimalOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function untilDate(value: string | undefined, now: number): number | undefined {
  const date = value !== undefined && httpDate.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
