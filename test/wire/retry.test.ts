import { describe, expect, it, vi } from "vitest";
import {
  type Act,
  connectionError,
  credentialFor,
  failureOf,
  inVirtualTime,
  pausesOf,
  playEndpoint,
  refusal,
  stopClocks,
  storage,
  token,
  useNock,
} from "../play-endpoint.ts";

useNock();

function times(count: number, act: Act): Act[] {
  return Array.from({ length: count }, () => act);
}

describe("a passing fault", () => {
  const faults: readonly [what: string, act: Act][] = [
    ...[404, 408, 429, 500, 502, 503, 504].map((status): [string, Act] => [String(status), refusal(status)]),
    ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].map(
      (code): [string, Act] => [code, connectionError(code)],
    ),
    ["a JSON body that breaks off", { status: 200, body: '{"access_token":"eyJ0eXAi' }],
    ["a token that has expired on the way", { status: 200, body: { access_token: "a", expires_on: "1586984735" } }],
  ];

  it.each(faults)("is overcome by the next try: %s", async (_what, act) => {
    stopClocks();
    const endpoint = playEndpoint([act, token()]);
    await expect(inVirtualTime(credentialFor(endpoint).getToken(storage))).resolves.toMatchObject({
      tokenType: "Bearer",
    });
  });

  it.each(faults)("is not tried again where no retries are wanted: %s", async (_what, act) => {
    const endpoint = playEndpoint([act]);
    const options = { retryOptions: { maxRetries: 0 } };
    const error = await failureOf(credentialFor(endpoint, options).getToken(storage));
    expect(error.message).toContain("tried once");
  });
});

describe("a fault that stays is tried", () => {
  it.each([
    [408, 6, "REJECTED"],
    [429, 6, "THROTTLED"],
    [500, 6, "SERVICE_FAILED"],
    [502, 6, "SERVICE_FAILED"],
    [503, 6, "SERVICE_FAILED"],
    [504, 6, "SERVICE_FAILED"],
    [404, 4, "REJECTED"],
    [400, 1, "REJECTED"],
    [402, 1, "REJECTED"],
    [405, 1, "REJECTED"],
    [406, 1, "REJECTED"],
    [409, 1, "REJECTED"],
    [410, 1, "REJECTED"],
    [413, 1, "REJECTED"],
    [418, 1, "REJECTED"],
    [422, 1, "REJECTED"],
    [425, 1, "REJECTED"],
    [431, 1, "REJECTED"],
    [501, 1, "SERVICE_FAILED"],
    [505, 1, "SERVICE_FAILED"],
    [599, 1, "SERVICE_FAILED"],
  ])("by status %i: %i times, and is then %s", async (statusCode, tries, code) => {
    stopClocks();
    const endpoint = playEndpoint(times(tries, refusal(statusCode)));
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(error).toMatchObject({ code, statusCode, name: "AuthenticationError" });
    expect(error.message).toContain(tries === 1 ? "tried once" : `tried ${tries} times`);
  });

  it.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"])(
    "by connection error %s: 6 times, and is then UNREACHABLE",
    async (nodeCode) => {
      stopClocks();
      const endpoint = playEndpoint(times(6, connectionError(nodeCode)));
      const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
      expect(error).toMatchObject({ code: "UNREACHABLE", cause: { code: nodeCode } });
      expect(error.statusCode).toBeUndefined();
      expect(error.message).toContain(nodeCode);
      expect(error.message).toContain("tried 6 times");
    },
  );

  it("by JSON that breaks off: 6 times, and is then INVALID_RESPONSE", async () => {
    stopClocks();
    const endpoint = playEndpoint(times(6, { status: 200, body: '{"access_token":"eyJ0eXAi' }));
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: 200 });
  });

  it.each([
    [404, 1, 2],
    [404, 3, 4],
    [404, 10, 4],
    [503, 1, 2],
    [503, 7, 8],
  ])("by status %i with maxRetries %i: %i times", async (status, maxRetries, tries) => {
    stopClocks();
    const endpoint = playEndpoint(times(tries, refusal(status)));
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries }, timeoutInMs: 120_000 });
    await inVirtualTime(failureOf(credential.getToken(storage)));
    expect(endpoint.requests).toHaveLength(tries);
  });

  it("404 among others: no more than 3 retries are for 404, however they are mixed", async () => {
    stopClocks();
    const [missing, failed] = [refusal(404), refusal(503)];
    const endpoint = playEndpoint([missing, failed, missing, failed, missing, missing]);
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 9 } });
    const error = await inVirtualTime(failureOf(credential.getToken(storage)));
    expect(error).toMatchObject({ code: "REJECTED", statusCode: 404 });
  });

  it("afresh by the next call: no failure is remembered", async () => {
    stopClocks();
    const endpoint = playEndpoint([...times(6, refusal(500)), token()]);
    const credential = credentialFor(endpoint);
    await inVirtualTime(failureOf(credential.getToken(storage)));
    await expect(inVirtualTime(credential.getToken(storage))).resolves.toMatchObject({ tokenType: "Bearer" });
  });
});

describe("the pauses between tries", () => {
  it.each([
    [0, [100, 200, 400, 800, 1600]],
    [0.5, [150, 300, 600, 1200, 2400]],
    [1, [200, 400, 800, 1600, 3200]],
  ])("are between half and the whole of 200 ms, doubled each time: with chance at %d", async (chance, pauses) => {
    stopClocks();
    vi.spyOn(Math, "random").mockReturnValue(chance);
    const endpoint = playEndpoint(times(6, refusal(503)));
    await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(pausesOf(endpoint)).toEqual(pauses);
  });

  it("are spread by chance", async () => {
    stopClocks();
    const pauses: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const endpoint = playEndpoint(times(2, refusal(503)));
      const options = { retryOptions: { maxRetries: 1, retryDelayInMs: 4000 } };
      // oxlint-disable-next-line no-await-in-loop -- there is one clock
      await inVirtualTime(failureOf(credentialFor(endpoint, options).getToken(storage)));
      pauses.push(...pausesOf(endpoint));
    }
    expect(new Set(pauses).size).toBeGreaterThan(1);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(4000);
  });

  it("are no longer than maxRetryDelayInMs", async () => {
    stopClocks();
    vi.spyOn(Math, "random").mockReturnValue(1);
    const endpoint = playEndpoint(times(8, refusal(503)));
    await inVirtualTime(failureOf(credentialFor(endpoint, { retryOptions: { maxRetries: 7 } }).getToken(storage)));
    expect(pausesOf(endpoint)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("wait for an endpoint that comes up 3 s late, even when chance makes them short", async () => {
    stopClocks();
    vi.spyOn(Math, "random").mockReturnValue(0);
    const start = Date.now();
    const act: Act = ({ at }) => (at - start < 3000 ? connectionError("ECONNREFUSED") : token());
    const endpoint = playEndpoint(times(6, act));
    const got = await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(got.tokenType).toBe("Bearer");
  });
});

describe("a redirect", () => {
  it.each([300, 301, 302, 303, 307, 308])("is not followed: %i", async (status) => {
    const location = "http://127.0.0.1:41601/elsewhere";
    const endpoint = playEndpoint([{ status, headers: { location } }]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: status });
    expect(error.message).toContain("redirect");
  });

  it("to another host is not followed either", async () => {
    const endpoint = playEndpoint([{ status: 307, headers: { location: "https://evil.test/" } }]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: 307 });
  });
});

describe("the time limits", () => {
  it("end a call that nobody answers after timeoutInMs, 30 s by default", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint(times(3, "hang"));
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(error).toMatchObject({ code: "TIMEOUT", name: "AuthenticationError" });
    expect(Date.now() - start).toBe(30_000);
    expect(pausesOf(endpoint).every((pause) => pause >= 10_000 && pause < 11_000)).toBe(true);
  });

  it("end an attempt after attemptTimeoutInMs, and the next one may do better", async () => {
    stopClocks();
    const endpoint = playEndpoint(["hang", token()]);
    await inVirtualTime(credentialFor(endpoint, { attemptTimeoutInMs: 700 }).getToken(storage));
    const [pause = 0] = pausesOf(endpoint);
    expect(pause).toBeGreaterThanOrEqual(800);
    expect(pause).toBeLessThanOrEqual(900);
  });

  it("make TIMEOUT of attempts that are all too slow", async () => {
    stopClocks();
    const endpoint = playEndpoint(times(2, "hang"));
    const options = { attemptTimeoutInMs: 500, retryOptions: { maxRetries: 1 } };
    const error = await inVirtualTime(failureOf(credentialFor(endpoint, options).getToken(storage)));
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(error.message).toContain("tried 2 times");
  });

  it("hold for retries and pauses together", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint(times(3, refusal(503)));
    const options = {
      timeoutInMs: 1000,
      retryOptions: { maxRetries: 50, retryDelayInMs: 400, maxRetryDelayInMs: 400 },
    };
    vi.spyOn(Math, "random").mockReturnValue(1);
    const error = await inVirtualTime(failureOf(credentialFor(endpoint, options).getToken(storage)));
    expect(["SERVICE_FAILED", "TIMEOUT"]).toContain(error.code);
    expect(Date.now() - start).toBeLessThanOrEqual(1000);
  });

  it.each([0, -1, Number.NaN])(
    "is what it is where requestOptions.timeout is %d, which means none",
    async (timeout) => {
      stopClocks();
      const begin = Date.now();
      const credential = credentialFor(playEndpoint(["hang"]), { timeoutInMs: 5000 });
      const error = await inVirtualTime(failureOf(credential.getToken(storage, { requestOptions: { timeout } })));
      expect(error.code).toBe("TIMEOUT");
      expect(Date.now() - begin).toBe(5000);
    },
  );

  it("can be shorter for one call by requestOptions.timeout, as on other Azure credentials", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint(["hang"]);
    const call = credentialFor(endpoint).getToken(storage, { requestOptions: { timeout: 250 } });
    expect(await inVirtualTime(failureOf(call))).toMatchObject({ code: "TIMEOUT" });
    expect(Date.now() - start).toBe(250);
  });

  it("are each waiter's own", async () => {
    stopClocks();
    const endpoint = playEndpoint(["hang", token()]);
    const credential = credentialFor(endpoint);
    const hurried = failureOf(credential.getToken(storage, { requestOptions: { timeout: 250 } }));
    const patient = credential.getToken(storage);
    expect(await inVirtualTime(hurried)).toMatchObject({ code: "TIMEOUT" });
    await expect(inVirtualTime(patient)).resolves.toMatchObject({ tokenType: "Bearer" });
  });
});
