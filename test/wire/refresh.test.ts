import { describe, expect, it, vi } from "vitest";
import {
  type Act,
  connectionError,
  credentialFor,
  dropPending,
  elapse,
  failureOf,
  inVirtualTime,
  pausesOf,
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

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A token with so much life left, by the clock of the test. */
function tokenFor(lifeInMs: number, name = "a", fields: Record<string, unknown> = {}): Act {
  return () => token({ access_token: name, expires_on: (Date.now() + lifeInMs) / second, ...fields });
}

function times(count: number, act: Act): Act[] {
  return Array.from({ length: count }, () => act);
}

/** Calls at every step for as long as said, and gives the tokens' names. No call may take longer than no time. */
async function callEvery(
  stepInMs: number,
  forInMs: number,
  call: () => Promise<{ token: string; expiresOnTimestamp: number }>,
): Promise<string[]> {
  const got: string[] = [];
  for (const end = Date.now() + forInMs; Date.now() < end;) {
    const before = Date.now();
    // oxlint-disable-next-line no-await-in-loop -- there is one clock
    const { token: name, expiresOnTimestamp } = await inVirtualTime(call());
    expect(Date.now()).toBe(before);
    expect(expiresOnTimestamp).toBeGreaterThan(before);
    got.push(name);
    // oxlint-disable-next-line no-await-in-loop -- there is one clock
    await elapse(stepInMs);
  }
  return got;
}

/** What a token's refresh point depends on, and where it is, in milliseconds from its arrival. */
const refreshPoints: readonly [what: string, lifeInMs: number, fields: Record<string, unknown>, dueInMs: number][] = [
  ["with a day to live is at half of it", 24 * hour, {}, 12 * hour],
  ["with 3 h to live is at half of it", 3 * hour, {}, 1.5 * hour],
  ["with 2 h to live is 5 minutes before its end", 2 * hour, {}, 115 * minute],
  ["with 1 h to live is 5 minutes before its end", hour, {}, 55 * minute],
  ["with 10 minutes to live is a quarter before its end", 10 * minute, {}, 7.5 * minute],
  ["with 4 minutes to live is a quarter before its end", 4 * minute, {}, 3 * minute],
  ["is where refresh_in puts it", 24 * hour, { refresh_in: 3600 }, hour],
  ["is where refresh_in as text puts it", 24 * hour, { refresh_in: "3600" }, hour],
  ["is where refresh_on puts it", 24 * hour, { refresh_on: Date.parse("2030-06-20T13:00:00Z") / 1000 }, hour],
  ["is where refresh_on as a date puts it", 24 * hour, { refresh_on: "06/20/2030 13:00:00 +00:00" }, hour],
  ["is not where nonsense would put it", 24 * hour, { refresh_in: "soon" }, 12 * hour],
  ["is not behind its end", 24 * hour, { refresh_in: 25 * 3600 }, 12 * hour],
];

describe.each([0, 1])("the refresh point of a token, by chance %d tenths earlier,", (chance) => {
  it.each(refreshPoints)("%s", async (_what, lifeInMs, fields, dueInMs) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    stopClocks("2030-06-20T12:00:00Z");
    const endpoint = playEndpoint([tokenFor(lifeInMs, "old", fields), tokenFor(24 * hour, "new")]);
    const credential = credentialFor(endpoint);
    const { refreshAfterTimestamp = 0 } = await credential.getToken(storage);
    const after = refreshAfterTimestamp - Date.now();
    expect(after).toBeCloseTo(dueInMs * (1 - chance / 10), -1);
    await elapse(after - 1);
    expect(await credential.getToken(storage)).toMatchObject({ token: "old" });
    expect(endpoint.requests).toHaveLength(1);
    await elapse(1);
    expect(await credential.getToken(storage)).toMatchObject({ token: "old" });
    await elapse(1);
    expect(await credential.getToken(storage)).toMatchObject({ token: "new" });
  });
});

describe("the refresh point of a token", () => {
  it("differs between instances that start together", async () => {
    stopClocks();
    const points = new Set<number | undefined>();
    for (let instance = 0; instance < 5; instance += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const got = await credentialFor(playEndpoint([tokenFor(24 * hour)])).getToken(storage);
      points.add(got.refreshAfterTimestamp);
    }
    expect(points.size).toBeGreaterThan(1);
  });
});

describe("past the refresh point", () => {
  it("many callers get the token at hand at once, and one request goes on behind them", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(24 * hour, "old"), tokenFor(24 * hour, "new")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(13 * hour);
    const got = await Promise.all(Array.from({ length: 100 }, () => credential.getToken(storage)));
    expect(new Set(got.map(({ token: name }) => name))).toEqual(new Set(["old"]));
    await elapse(1);
    expect(await credential.getToken(storage)).toMatchObject({ token: "new" });
    expect(endpoint.requests).toHaveLength(2);
  });

  it("the request goes on even when the caller who began it has gone", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(24 * hour, "old"), tokenFor(24 * hour, "new")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(13 * hour);
    const controller = new AbortController();
    await credential.getToken(storage, { abortSignal: controller.signal });
    controller.abort();
    await elapse(1);
    expect(await credential.getToken(storage)).toMatchObject({ token: "new" });
  });

  it.each<[what: string, acts: Act[]]>([
    ["is refused with 400", times(200, refusal(400))],
    ["is refused with 401", times(200, refusal(401))],
    ["is refused with 404", times(200, refusal(404))],
    ["meets 500", times(200, refusal(500))],
    ["meets 429 with Retry-After", times(200, refusal(429, "", { "retry-after": "30" }))],
    ["is reset", times(200, connectionError("ECONNRESET"))],
    ["finds nobody", times(200, connectionError("ECONNREFUSED"))],
    ["gets no answer", times(200, "hang")],
    ["gets HTML", times(200, { status: 200, body: "<p>" })],
    ["gets null", times(200, { status: 200, body: "null" })],
    ["gets a token that has expired", times(200, token({ expires_on: 1 }))],
    ["gets a redirect", times(200, { status: 307, headers: { location: "/" } })],
  ])("the token stays in use to its end if the request %s, and requests are few", async (_what, acts) => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour), ...acts]);
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 0 } });
    const { expiresOnTimestamp, refreshAfterTimestamp = 0 } = await credential.getToken(storage);
    await elapse(refreshAfterTimestamp - Date.now());
    const left = expiresOnTimestamp - Date.now() - 30 * second;
    await callEvery(20 * second, left, () => credential.getToken(storage));
    // For about 90 minutes: 10, 20, 40, 80, 160 s, then every 5 minutes, and a little more often near the end.
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(15);
    expect(endpoint.requests.length).toBeLessThanOrEqual(45);
    expectGrowingPauses(endpoint);
    dropPending();
  });

  it("variables that have gone do not take the token away", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour)]);
    const credential = credentialFor(endpoint);
    const { expiresOnTimestamp } = await credential.getToken(storage);
    delete endpoint.env["IDENTITY_HEADER"];
    await elapse(2 * hour);
    await callEvery(minute, expiresOnTimestamp - Date.now() - 30 * second, () => credential.getToken(storage));
    await elapse(minute);
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ code: "NOT_CONFIGURED" });
  });

  it("a refresh that works again ends the back-off", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(24 * hour, "old"), ...times(3, refusal(400)), tokenFor(24 * hour, "new")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(13 * hour);
    const got = await callEvery(second, 5 * minute, () => credential.getToken(storage));
    expect(got.at(-1)).toBe("new");
    expect(endpoint.requests).toHaveLength(5);
  });
});

function expectGrowingPauses(endpoint: PlayedEndpoint): void {
  const pauses = pausesOf(endpoint).slice(1);
  expect(Math.max(...pauses)).toBeGreaterThan(4 * minute);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(6 * minute);
  expect(pauses[2]).toBeGreaterThan(pauses[0] ?? 0);
}

describe("near its end", () => {
  it("a token that lives for 30 s or more is handed out without waiting", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour, "old"), "hang"]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(3 * hour - 30 * second);
    const before = Date.now();
    expect(await inVirtualTime(credential.getToken(storage))).toMatchObject({ token: "old" });
    expect(Date.now()).toBe(before);
  });

  it("a caller waits for a new token when less than 30 s are left", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour, "old"), tokenFor(3 * hour, "new")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(3 * hour - 29 * second);
    expect(await inVirtualTime(credential.getToken(storage))).toMatchObject({ token: "new" });
  });

  it.each<[what: string, act: Act]>([
    ["refused", refusal(400)],
    ["not answered", "hang"],
    ["reset", connectionError("ECONNRESET")],
    ["answered with nonsense", { status: 200, body: "[]" }],
  ])("the token is handed out even then if the request for a new one is %s", async (_what, act) => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour, "old"), act]);
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 0 } });
    const { expiresOnTimestamp } = await credential.getToken(storage);
    await elapse(3 * hour - 20 * second);
    expect(await inVirtualTime(credential.getToken(storage))).toMatchObject({ token: "old" });
    expect(Date.now()).toBeLessThan(expiresOnTimestamp);
  });

  it("no token is handed out at or after its end", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour, "old"), refusal(400), tokenFor(3 * hour, "new")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await elapse(3 * hour);
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ code: "REJECTED" });
    expect(await credential.getToken(storage)).toMatchObject({ token: "new" });
  });
});

describe("the platform's cache", () => {
  it("that brings the same token again is asked a few times a day, not on every call", async () => {
    stopClocks();
    const expiresOn = (Date.now() + 24 * hour) / second;
    const endpoint = playEndpoint(times(50, () => token({ access_token: "same", expires_on: expiresOn })));
    const credential = credentialFor(endpoint);
    await callEvery(minute, 24 * hour - minute, () => credential.getToken(storage));
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(4);
    expect(endpoint.requests.length).toBeLessThanOrEqual(25);
    dropPending();
  });

  it("that brings a token with 4 minutes to live is asked a few times, and the token is used while it lasts", async () => {
    stopClocks();
    const expiresOn = (Date.now() + 4 * minute) / second;
    const endpoint = playEndpoint(times(50, () => token({ access_token: "short", expires_on: expiresOn })));
    const credential = credentialFor(endpoint);
    await callEvery(second, 4 * minute - 30 * second, () => credential.getToken(storage));
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(2);
    expect(endpoint.requests.length).toBeLessThanOrEqual(8);
    dropPending();
  });

  it("that brings a token with 20 s to live is not asked on every call", async () => {
    stopClocks();
    const expiresOn = (Date.now() + 20 * second) / second;
    const endpoint = playEndpoint(times(50, () => token({ access_token: "short", expires_on: expiresOn })));
    const credential = credentialFor(endpoint);
    await callEvery(100, 19 * second, () => credential.getToken(storage));
    expect(endpoint.requests.length).toBeLessThanOrEqual(6);
    dropPending();
  });
});

describe("claims", () => {
  it("that are asked for and given up, or that fail, leave the refresh of the healthy token where it was", async () => {
    stopClocks();
    const endpoint = playEndpoint([token(), "hang", refusal(400)]);
    const credential = credentialFor(endpoint);
    const { refreshAfterTimestamp } = await credential.getToken(storage);
    const controller = new AbortController();
    const given = credential.getToken(storage, { claims: "{}", abortSignal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(inVirtualTime(given)).rejects.toMatchObject({ name: "AbortError" });
    expect(await credential.getToken(storage)).toMatchObject({ refreshAfterTimestamp });
    await failureOf(credential.getToken(storage, { claims: "{}" }));
    expect(await credential.getToken(storage)).toMatchObject({ refreshAfterTimestamp });
  });

  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

  it("skip the cache once: one fresh request each, and none for those who bring none", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(24 * hour, "1"), tokenFor(24 * hour, "2"), tokenFor(24 * hour, "3")]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    expect(await credential.getToken(storage, { claims })).toMatchObject({ token: "2" });
    expect(await credential.getToken(storage)).toMatchObject({ token: "2" });
    expect(await credential.getToken(storage, { claims })).toMatchObject({ token: "3" });
    expect(endpoint.requests).toHaveLength(3);
  });

  it("do not make a loop of an endpoint that brings the same token again", async () => {
    const endpoint = playEndpoint([token(), token()]);
    const credential = credentialFor(endpoint);
    const first = await credential.getToken(storage);
    expect(await credential.getToken(storage, { claims })).toMatchObject({ token: first.token });
    expect(endpoint.requests).toHaveLength(2);
  });

  it("of many callers at once are one request", async () => {
    const endpoint = playEndpoint([token(), token()]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await Promise.all(Array.from({ length: 50 }, () => credential.getToken(storage, { claims })));
    expect(endpoint.requests).toHaveLength(2);
  });

  it("that cannot be met fail, and the token at hand stays for the others", async () => {
    const endpoint = playEndpoint([token({ access_token: "old" }), refusal(400)]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    expect(await failureOf(credential.getToken(storage, { claims }))).toMatchObject({ code: "REJECTED" });
    expect(await credential.getToken(storage)).toMatchObject({ token: "old" });
  });

  it("that are empty are none", async () => {
    const credential = credentialFor(playEndpoint([token()]));
    await credential.getToken(storage);
    await credential.getToken(storage, { claims: "" });
  });
});

describe("a token is remembered", () => {
  it("by the resource that was asked for, whatever the answer calls it", async () => {
    const endpoint = playEndpoint([token({ resource: `${storage}/` }), token({ resource: storage }), token()]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await credential.getToken(`${storage}/.default`);
    await credential.getToken([storage]);
    await credential.getToken(`${storage}//.default`);
    await credential.getToken(`${storage}/`);
    await credential.getToken(vault);
    expect(endpoint.requests.map(({ url }) => new URL(url).searchParams.get("resource"))).toEqual([
      storage,
      `${storage}/`,
      vault,
    ]);
  });

  it("by one credential, and not by another", async () => {
    const endpoint = playEndpoint([token({ access_token: "1" }), token({ access_token: "2" })]);
    const [one, other] = [credentialFor(endpoint), credentialFor(endpoint)];
    expect(await one.getToken(storage)).toMatchObject({ token: "1" });
    expect(await other.getToken(storage)).toMatchObject({ token: "2" });
    expect(await one.getToken(storage)).toMatchObject({ token: "1" });
  });

  it("and handed out without a look at the variables", async () => {
    const endpoint = playEndpoint([token()]);
    let reads = 0;
    const env = new Proxy(endpoint.env, {
      get: (variables, name) => {
        reads += 1;
        return variables[String(name)];
      },
    });
    const credential = credentialFor({ env });
    await credential.getToken(storage);
    reads = 0;
    await credential.getToken(storage);
    expect(reads).toBe(0);
  });

  it("until clearCache is called", async () => {
    const endpoint = playEndpoint([token({ access_token: "1" }), token({ access_token: "2" })]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    credential.clearCache();
    expect(await credential.getToken(storage)).toMatchObject({ token: "2" });
  });

  it("once for a thousand callers who come cold, and asked for once", async () => {
    const endpoint = playEndpoint([token()]);
    const credential = credentialFor(endpoint);
    const got = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        credential.getToken(index % 2 === 0 ? storage : [`${storage}/.default`]),
      ),
    );
    expect(new Set(got.map(({ token: name }) => name)).size).toBe(1);
    expect(endpoint.requests).toHaveLength(1);
  });
});
