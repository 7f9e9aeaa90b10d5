import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRetriableErrorCode, isRetriableStatus, mayRetry, pauseInMs, retryAfterInMs } from "./retry.ts";

const now = Date.parse("2030-06-20T12:00:00Z");
const limits = { maxRetries: 5, retryDelayInMs: 200, maxRetryDelayInMs: 5000 };

describe("a status", () => {
  it.each([404, 408, 429, 500, 502, 503, 504])("may be another one soon: %d", (status) => {
    expect(isRetriableStatus(status)).toBe(true);
  });

  it.each([200, 204, 301, 307, 400, 401, 402, 403, 405, 409, 410, 418, 499, 501, 505, 511, 599])(
    "stays what it is: %d",
    (status) => {
      expect(isRetriableStatus(status)).toBe(false);
    },
  );

  it.each<[status: number | undefined, timesSeen: number, may: boolean]>([
    [404, 1, true],
    [404, 3, true],
    [404, 4, false],
    [404, 100, false],
    [500, 4, true],
    [429, 100, true],
    [undefined, 100, true],
  ])("of %s that was seen %d times may be retried: %s", (status, timesSeen, may) => {
    expect(mayRetry(status, timesSeen)).toBe(may);
  });
});

describe("a failed connection", () => {
  it.each([
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EPIPE",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_SOCKET",
    "UND_ERR_CONNECT_TIMEOUT",
    undefined,
  ])("may succeed soon: %s", (code) => {
    expect(isRetriableErrorCode(code)).toBe(true);
  });

  it.each([
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_INVALID_URL",
    "HPE_INVALID_CONSTANT",
    "EPROTO",
  ])("stays failed: %s", (code) => {
    expect(isRetriableErrorCode(code)).toBe(false);
  });
});

describe("the pause before a retry", () => {
  it.each<[retryCount: number, random: number, pause: number]>([
    [0, 0, 100],
    [0, 1, 200],
    [1, 0, 200],
    [1, 0.5, 300],
    [1, 1, 400],
    [3, 1, 1600],
    [5, 0, 2500],
    [5, 1, 5000],
    [100, 1, 5000],
  ])("after %d retries, at chance %d, is %d ms", (retryCount, random, pause) => {
    expect(pauseInMs(retryCount, limits, random)).toBe(pause);
  });

  it("is between half and the whole of the exponential delay, however the options are", () => {
    const delays = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(5000), delays, delays, chance, (retryCount, retryDelayInMs, maxRetryDelayInMs, random) => {
        const pause = pauseInMs(retryCount, { maxRetries: 5, retryDelayInMs, maxRetryDelayInMs }, random);
        const whole = retryDelayInMs === 0 ? 0 : Math.min(maxRetryDelayInMs, retryDelayInMs * 2 ** retryCount);
        expect(pause).toBeGreaterThanOrEqual(Math.floor(whole / 2));
        expect(pause).toBeLessThanOrEqual(Math.ceil(whole));
      }),
    );
  });

  it.each([0, 10, 1023, 1024, 1e6])("is none where none is wanted, after %d retries as well", (retryCount) => {
    expect(pauseInMs(retryCount, { ...limits, retryDelayInMs: 0 }, 0.5)).toBe(0);
  });

  it("lets an endpoint that comes up 3 s late be found with the default options, at any chance", () => {
    const atLeast = [0, 1, 2, 3, 4].map((retryCount) => pauseInMs(retryCount, limits, 0));
    expect(atLeast.reduce((sum, pause) => sum + pause)).toBeGreaterThan(3000);
  });
});

describe("how long the endpoint wants to be left alone is read from", () => {
  it.each<[what: string, headers: Record<string, string>, waitInMs: number]>([
    ["retry-after in seconds", { "retry-after": "7" }, 7000],
    ["retry-after in seconds, with a fraction", { "retry-after": "1.5" }, 1500],
    ["retry-after in seconds, with a longer fraction", { "retry-after": "1.25" }, 1250],
    ["retry-after in seconds, with white space", { "retry-after": " 7 " }, 7000],
    ["retry-after of no time", { "retry-after": "0" }, 0],
    ["retry-after as a date", { "retry-after": "Thu, 20 Jun 2030 12:00:09 GMT" }, 9000],
    ["retry-after as a date with white space", { "retry-after": " Thu, 20 Jun 2030 12:00:09 GMT" }, 9000],
    ["retry-after as a date with one digit", { "retry-after": "Thu, 20 Jun 2030 12:00:09 gmt " }, 9000],
    ["retry-after as a date of the old form", { "retry-after": "Thursday, 20-Jun-30 12:00:09 GMT" }, 9000],
    ["retry-after as a date that has passed", { "retry-after": "Thu, 20 Jun 2030 11:00:00 GMT" }, 0],
    ["retry-after-ms", { "retry-after-ms": "1234" }, 1234],
    ["retry-after-ms, up to the next millisecond", { "retry-after-ms": "1234.1" }, 1235],
    ["x-ms-retry-after-ms", { "x-ms-retry-after-ms": "2345" }, 2345],
    [
      "milliseconds rather than seconds",
      { "retry-after": "20", "x-ms-retry-after-ms": "41", "retry-after-ms": "40" },
      40,
    ],
    ["x-ms-retry-after-ms rather than seconds", { "retry-after": "20", "x-ms-retry-after-ms": "41" }, 41],
    ["seconds where the milliseconds make no sense", { "retry-after": "20", "retry-after-ms": "soon" }, 20_000],
    ["trap: retry-after up to a minute", { "retry-after": "61" }, 60_000],
    ["trap: retry-after of a day, as a minute", { "retry-after": "86400" }, 60_000],
    ["trap: retry-after of more than a number holds, as a minute", { "retry-after": "9".repeat(400) }, 60_000],
    ["trap: retry-after as a date next year, as a minute", { "retry-after": "Fri, 20 Jun 2031 12:00:00 GMT" }, 60_000],
    ["trap: retry-after-ms of a day, as a minute", { "retry-after-ms": "86400000" }, 60_000],
  ])("%s", (_what, headers, waitInMs) => {
    expect(retryAfterInMs((name) => headers[name], now)).toBe(waitInMs);
  });

  it.each([
    "",
    " ",
    "soon",
    "-1",
    "+1",
    "0x10",
    "1e3",
    "Infinity",
    "NaN",
    "1 second",
    "1,5",
    "2030-06-20T12:00:09Z",
    "Thu, 20 Jun 2030 12:00:09",
    "Thu, 20 Jun 2030 12:00:09 +0000",
    "Thu, 20 Jun 2030 12:00:09 GMT+0100",
    "after Thu, 20 Jun 2030 12:00:09 GMT",
    "Thu, 99 Jun 2030 12:00:09 GMT",
    "Thu, 20 Foo 2030 12:00:09 GMT",
    "a, 1 GMT",
    "now, or at 1 GMT",
  ])("nothing that makes no sense: %j", (value) => {
    expect(retryAfterInMs((name) => ({ "retry-after": value })[name], now)).toBeUndefined();
  });

  it("nothing where there is no such header", () => {
    expect(retryAfterInMs(() => undefined, now)).toBeUndefined();
  });
});
