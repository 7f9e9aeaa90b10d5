import { describe, expect, it, vi } from "vitest";
import {
  type Act,
  credentialFor,
  elapse,
  failureOf,
  inVirtualTime,
  type PlayedEndpoint,
  playEndpoint,
  refusal,
  stopClocks,
  storage,
  token,
  useNock,
  vault,
} from "../play-endpoint.ts";

useNock();

function wait(headers: Readonly<Record<string, string>>, status = 429): Act {
  return refusal(status, "Slow down.", headers);
}

/** When each request came, in milliseconds after the first. */
function timesOf({ requests }: PlayedEndpoint): number[] {
  return requests.map(({ at }) => at - (requests[0]?.at ?? 0));
}

describe("Retry-After wins over the computed pause", () => {
  it.each<[what: string, headers: Record<string, string>, pause: number]>([
    ["in seconds", { "retry-after": "7" }, 7000],
    ["in seconds, none", { "retry-after": "0" }, 0],
    ["in seconds with a fraction", { "retry-after": "1.5" }, 1500],
    ["as a date", { "retry-after": "Thu, 20 Jun 2030 12:00:09 GMT" }, 9000],
    ["as a date that has passed", { "retry-after": "Thu, 20 Jun 2030 11:00:00 GMT" }, 0],
    ["in retry-after-ms", { "retry-after-ms": "1234" }, 1234],
    ["in x-ms-retry-after-ms", { "x-ms-retry-after-ms": "2345" }, 2345],
    ["in milliseconds before seconds", { "retry-after": "20", "retry-after-ms": "40" }, 40],
  ])("%s", async (_what, headers, pause) => {
    stopClocks("2030-06-20T12:00:00Z");
    const endpoint = playEndpoint([wait(headers), token()]);
    await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(timesOf(endpoint)).toEqual([0, pause]);
  });

  it.each([404, 408, 429, 500, 502, 503, 504])("on status %i", async (status) => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "11" }, status), token()]);
    await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(timesOf(endpoint)).toEqual([0, 11_000]);
  });

  it("each time anew", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "3" }), wait({ "retry-after": "1" }), wait({}), token()]);
    await inVirtualTime(credentialFor(endpoint).getToken(storage));
    const [, second, third, fourth = 0] = timesOf(endpoint);
    expect([second, third]).toEqual([3000, 4000]);
    expect(fourth).toBeGreaterThanOrEqual(4400); // the third retry: half of 800 ms at least
    expect(fourth).toBeLessThanOrEqual(4800);
  });

  it.each(["soon", "-1", "1e1", "0x2", "Infinity", "", "12 s", "9999-99-99"])(
    "but not when it makes no sense: %j",
    async (value) => {
      stopClocks();
      const endpoint = playEndpoint([wait({ "retry-after": value }), token()]);
      await inVirtualTime(credentialFor(endpoint).getToken(storage));
      const [, second = 0] = timesOf(endpoint);
      expect(second).toBeGreaterThanOrEqual(100);
      expect(second).toBeLessThanOrEqual(200);
    },
  );

  it("up to 60 s and no longer", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "86400" }), token()]);
    await inVirtualTime(credentialFor(endpoint, { timeoutInMs: 120_000 }).getToken(storage));
    expect(timesOf(endpoint)).toEqual([0, 60_000]);
  });
});

describe("a Retry-After beyond the caller's deadline", () => {
  it.each<[status: number, headers: Record<string, string>, retryAfterInMs: number]>([
    [429, { "retry-after": "45" }, 45_000],
    [429, { "retry-after": "86400" }, 60_000],
    [429, { "retry-after-ms": "30001" }, 30_001],
    [503, { "retry-after": "45" }, 45_000],
    [500, { "retry-after": "45" }, 45_000],
    [404, { "retry-after": "45" }, 45_000],
  ])("ends the call at once with THROTTLED: %i %j", async (statusCode, headers, retryAfterInMs) => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint([wait(headers, statusCode)]);
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(error).toMatchObject({ code: "THROTTLED", statusCode, retryAfterInMs });
    expect(error.message).toContain("Slow down.");
    expect(Date.now()).toBe(start);
  });

  it("ends the call of the hurried caller only", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint([wait({ "retry-after": "5" }), token()]);
    const credential = credentialFor(endpoint);
    const patient = credential.getToken(storage);
    const hurried = failureOf(credential.getToken(storage, { requestOptions: { timeout: 4000 } }));
    expect(await inVirtualTime(hurried)).toMatchObject({ code: "THROTTLED", retryAfterInMs: 5000 });
    expect(Date.now()).toBe(start);
    await inVirtualTime(patient);
    expect(timesOf(endpoint)).toEqual([0, 5000]);
  });
});

describe("after Retry-After no request leaves before its time", () => {
  it("for another resource either, which waits if it can", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "10" }), token(), token()]);
    const credential = credentialFor(endpoint);
    const first = credential.getToken(storage);
    await elapse(1000);
    const second = credential.getToken(vault);
    await inVirtualTime(Promise.all([first, second]));
    expect(timesOf(endpoint)).toEqual([0, 10_000, 10_000]);
  });

  it("for another resource either, which gets THROTTLED at once if it cannot wait", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "10" }), token()]);
    const credential = credentialFor(endpoint);
    const first = credential.getToken(storage);
    await elapse(1000);
    const start = Date.now();
    const hurried = failureOf(credential.getToken(vault, { requestOptions: { timeout: 8999 } }));
    expect(await inVirtualTime(hurried)).toMatchObject({ code: "THROTTLED", statusCode: 429, retryAfterInMs: 9000 });
    expect(Date.now()).toBe(start);
    await inVirtualTime(first);
  });

  it("after the last retry either", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "10" }), token()]);
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 0 } });
    await failureOf(credential.getToken(storage));
    await inVirtualTime(credential.getToken(storage));
    expect(timesOf(endpoint)).toEqual([0, 10_000]);
  });

  it("for a caller who comes back at once, again and again", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "60" }), token()]);
    const credential = credentialFor(endpoint);
    for (let second = 0; second < 29; second += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      expect(await failureOf(credential.getToken(storage))).toMatchObject({ code: "THROTTLED" });
      // oxlint-disable-next-line no-await-in-loop -- there is one clock
      await elapse(1000);
    }
    await elapse(2000);
    await inVirtualTime(credential.getToken(storage));
    expect(timesOf(endpoint)).toEqual([0, 60_000]);
  });

  it("while a shorter one does not shorten a longer one", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "20" }), wait({ "retry-after": "1" }), token(), token()]);
    const credential = credentialFor(endpoint);
    // Both are under way before either is answered.
    await inVirtualTime(Promise.all([credential.getToken(storage), credential.getToken(vault)]));
    expect(timesOf(endpoint)).toEqual([0, 0, 20_000, 20_000]);
  });

  it("and who aborts meanwhile is let go at once, and asks for nothing later", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint([wait({ "retry-after": "10" })]);
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 0 } });
    await failureOf(credential.getToken(storage));
    const controller = new AbortController();
    const waiting = credential.getToken(vault, { abortSignal: controller.signal });
    await elapse(1000);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(Date.now() - start).toBe(1000);
    await elapse(1);
    expect(vi.getTimerCount()).toBe(0);
    await elapse(20_000);
    expect(endpoint.requests).toHaveLength(1);
  });

  it("but another endpoint is free", async () => {
    stopClocks();
    const start = Date.now();
    const busy = playEndpoint([wait({ "retry-after": "60" })]);
    const free = playEndpoint([token()], "http://127.0.0.1:5555/msi/token");
    const env = { ...busy.env };
    const credential = credentialFor({ env });
    await failureOf(credential.getToken(storage));
    Object.assign(env, free.env);
    await inVirtualTime(credential.getToken(storage));
    expect(Date.now()).toBe(start);
  });

  it("but a token at hand is handed out as ever, refresh due or not", async () => {
    stopClocks();
    const endpoint = playEndpoint([token(), wait({ "retry-after": "60" })]);
    const credential = credentialFor(endpoint);
    const { token: held } = await credential.getToken(storage);
    await elapse(13 * 3_600_000);
    for (let call = 0; call < 5; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      expect(await credential.getToken(storage)).toMatchObject({ token: held });
      // oxlint-disable-next-line no-await-in-loop -- there is one clock
      await elapse(1000);
    }
    expect(endpoint.requests).toHaveLength(2);
  });

  it("but an answer that no retry follows puts no brake on others", async () => {
    stopClocks();
    const endpoint = playEndpoint([wait({ "retry-after": "60" }, 400), token()]);
    const credential = credentialFor(endpoint);
    await failureOf(credential.getToken(storage));
    await inVirtualTime(credential.getToken(vault));
    expect(timesOf(endpoint)).toEqual([0, 0]);
  });
});
