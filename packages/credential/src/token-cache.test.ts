import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Work } from "./flight.ts";
import { type CacheEvent, type FetchedToken, type GetOptions, TokenCache } from "./token-cache.ts";

const minute = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) }));
afterEach(() => void vi.useRealTimers());

function bring(token: string, lifeInMs = 60 * minute): Promise<FetchedToken> {
  return Promise.resolve({ token, expiresOnTimestamp: Date.now() + lifeInMs });
}

/** What a caller brings along, and how often the work was begun. */
function caller(run: Work<FetchedToken>["run"], more: Partial<GetOptions> = {}): GetOptions & { begun(): number } {
  const work = vi.fn<() => Work<FetchedToken>>(() => ({ run, timedOut: () => new Error("over") }));
  return { work, timeoutInMs: 30_000, force: false, ...more, begun: () => work.mock.calls.length };
}

/** A cache with a token of so much life. */
async function held(lifeInMs: number): Promise<{ cache: TokenCache; events: CacheEvent[] }> {
  const events: CacheEvent[] = [];
  const cache = new TokenCache(minute, (event) => events.push(event));
  await cache.get(
    "a",
    "a",
    caller(() => bring("old", lifeInMs)),
  );
  return { cache, events };
}

describe("a cache that holds many resources", () => {
  it("keeps every token that lives, and every request that is under way, when it clears out", async () => {
    const cache = new TokenCache(minute, () => {});
    const resources = Array.from({ length: 200 }, (_, index) => `r${index}`);
    const landing = Promise.withResolvers<FetchedToken>();
    const slow = caller(() => landing.promise);
    const first = cache.get("slow", "slow", slow);
    for (const resource of resources) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as the map grows
      await cache.get(
        resource,
        resource,
        caller(() => bring(resource)),
      );
    }
    expect(resources.filter((resource) => cache.fresh(resource)?.token !== resource)).toEqual([]);
    const second = cache.get("slow", "slow", slow);
    landing.resolve(await bring("late"));
    expect([await first, await second].map(({ token }) => token)).toEqual(["late", "late"]);
    expect(slow.begun()).toBe(1);
  });

  it("finds a token by the scope alone, and none by several scopes or none", async () => {
    const cache = new TokenCache(minute, () => {});
    await cache.get(
      ["a"],
      "a",
      caller(() => bring("a")),
    );
    expect(cache.fresh("a")?.token).toBe("a");
    expect(cache.fresh(["a"])).toBe(cache.fresh("a"));
    expect(cache.fresh(["a", "b"])).toBeUndefined();
    expect(cache.fresh([])).toBeUndefined();
    expect(cache.fresh(undefined as never)).toBeUndefined();
  });
});

/** Puts tokens of the same life for so many resources into the cache, from `r0` on, each by two scopes. */
async function fill(cache: TokenCache, from: number, to: number): Promise<string[]> {
  const resources = Array.from({ length: to - from }, (_, index) => `r${from + index}`);
  for (const resource of resources) {
    const bringing = caller(() => bring(resource));
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as the map grows
    await cache.get(resource, resource, bringing);
    // oxlint-disable-next-line no-await-in-loop -- the same entry, by another scope
    await cache.get(`${resource}/.default`, resource, bringing);
  }
  return resources;
}

/** Which of them are remembered by a scope. That an expired one is shows when the clock is set back to where it was valid. */
function remembered(cache: TokenCache, resources: string[], at: number): string[] {
  vi.setSystemTime(at);
  return resources.filter(
    (resource) => cache.fresh(resource) !== undefined || cache.fresh(`${resource}/.default`) !== undefined,
  );
}

describe("expired tokens of resources that nobody asks for again", () => {
  it("are forgotten at the 65th resource, to the last trace", async () => {
    const cache = new TokenCache(minute, () => {});
    const begin = Date.now();
    const resources = await fill(cache, 0, 64);
    vi.setSystemTime(begin + 60 * minute);
    await fill(cache, 64, 65);
    expect(remembered(cache, resources, begin)).toEqual([]);
    const again = caller(() => bring("again"));
    await Promise.all(resources.map((resource) => cache.get(resource, resource, again)));
    expect(again.begun()).toBe(64);
  });

  it("are looked for no sooner than that", async () => {
    const cache = new TokenCache(minute, () => {});
    const begin = Date.now();
    const resources = await fill(cache, 0, 63);
    vi.setSystemTime(begin + 60 * minute);
    await fill(cache, 63, 64);
    expect(remembered(cache, resources, begin)).toEqual(resources);
  });

  it("are looked for again when those that lived have become twice as many", async () => {
    const cache = new TokenCache(minute, () => {});
    const begin = Date.now();
    const resources = await fill(cache, 0, 127);
    vi.setSystemTime(begin + 60 * minute);
    await fill(cache, 127, 128);
    expect(remembered(cache, resources, begin)).toEqual(resources);
    vi.setSystemTime(begin + 60 * minute);
    await fill(cache, 128, 129);
    expect(remembered(cache, resources, begin)).toEqual([]);
  });

  it("are forgotten along with resources for which there never was a token", async () => {
    const cache = new TokenCache(minute, () => {});
    const failing = caller(() => Promise.reject(new Error("no")));
    const refused = Array.from({ length: 64 }, (_, index) => cache.get(`${index}`, `${index}`, failing));
    await Promise.allSettled(refused);
    await fill(cache, 0, 1);
    expect(cache.fresh("r0")?.token).toBe("r0");
  });
});

/** A cache whose first request was left, and whose second, which brings `second`, is under way. */
function deserted() {
  const cache = new TokenCache(minute, () => {});
  const [first, second] = [Promise.withResolvers<FetchedToken>(), Promise.withResolvers<FetchedToken>()];
  const controller = new AbortController();
  const abortSignal = controller.signal;
  const left = cache.get(
    "a",
    "a",
    caller(() => first.promise, { abortSignal }),
  );
  controller.abort();
  const another = caller(() => second.promise);
  const call = cache.get("a", "a", another);
  return { cache, first, second, left, another, call };
}

describe("a request that all who waited for it have left", () => {
  it("does not let a third one begin when it fails at last", async () => {
    const { cache, first, second, left, another, call } = deserted();
    await expect(left).rejects.toThrow("aborted");
    first.reject(new Error("cancelled"));
    await vi.advanceTimersByTimeAsync(0);
    const joining = cache.get("a", "a", another);
    second.resolve(await bring("second"));
    expect([await call, await joining].map(({ token }) => token)).toEqual(["second", "second"]);
    expect(another.begun()).toBe(1);
  });

  it("is not remembered when it brings a token after all", async () => {
    const { cache, first, second, left, call } = deserted();
    await expect(left).rejects.toThrow("aborted");
    first.resolve(await bring("first"));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.fresh("a")).toBeUndefined();
    second.resolve(await bring("second"));
    await call;
    expect(cache.fresh("a")?.token).toBe("second");
  });
});

function shorter(): ReturnType<typeof caller> {
  return caller(() => bring("shorter", 3 * minute));
}

/** The token at hand after a refresh that brought the shorter one. */
async function refreshed(cache: TokenCache): Promise<string | undefined> {
  vi.setSystemTime(Date.now() + 56 * minute);
  const refreshing = shorter();
  await cache.get("a", "a", refreshing);
  await vi.advanceTimersByTimeAsync(0);
  expect(refreshing.begun()).toBe(1);
  return cache.fresh("a")?.token;
}

describe("a token that ends before the one at hand", () => {
  it("does not take its place in a refresh, which is over all the same", async () => {
    const { cache } = await held(60 * minute);
    expect(await refreshed(cache)).toBe("old");
  });

  it("takes its place when the one at hand was refused", async () => {
    const { cache } = await held(60 * minute);
    expect((await cache.get("a", "a", { ...shorter(), force: true })).token).toBe("shorter");
    expect(cache.fresh("a")?.token).toBe("shorter");
  });

  it("takes its place in the refresh after that, when the request of the caller who refused it failed", async () => {
    const { cache } = await held(60 * minute);
    const failing = caller(() => Promise.reject(new Error("no")), { force: true });
    await expect(cache.get("a", "a", failing)).rejects.toThrow("no");
    expect(await refreshed(cache)).toBe("shorter");
  });

  it("takes no more than the place of the one that was refused", async () => {
    const { cache } = await held(60 * minute);
    await cache.get(
      "a",
      "a",
      caller(() => bring("new"), { force: true }),
    );
    expect(await refreshed(cache)).toBe("new");
  });
});

describe("a token in its last half minute", () => {
  it("gives way to a newer one that comes within half of what is left", async () => {
    const { cache } = await held(20_000);
    await vi.advanceTimersByTimeAsync(16_000);
    const call = cache.get(
      "a",
      "a",
      caller(async () => (await vi.advanceTimersByTimeAsync(1500), bring("new"))),
    );
    expect((await call).token).toBe("new");
  });

  it("is handed out when none comes by then", async () => {
    const { cache } = await held(20_000);
    await vi.advanceTimersByTimeAsync(16_000);
    const begin = Date.now();
    const call = cache.get(
      "a",
      "a",
      caller(() => new Promise(() => {})),
    );
    await vi.advanceTimersByTimeAsync(2000);
    expect((await call).token).toBe("old");
    expect(Date.now() - begin).toBe(2000);
  });

  it("is handed out after a failure, which counts as a hit", async () => {
    const { cache, events } = await held(20_000);
    await vi.advanceTimersByTimeAsync(16_000);
    const failing = caller(() => Promise.reject(new Error("no")));
    expect((await cache.get("a", "a", failing)).token).toBe("old");
    expect(events).toEqual(["miss", "refresh", "hit"]);
  });

  it("is not handed out when it has expired while the refresh failed", async () => {
    const { cache } = await held(20_000);
    await vi.advanceTimersByTimeAsync(16_000);
    const expiring = caller(() => {
      vi.setSystemTime(Date.now() + 4000);
      return Promise.reject(new Error("no more"));
    });
    await expect(cache.get("a", "a", expiring)).rejects.toThrow("no more");
  });

  it("is none at the very end", async () => {
    const { cache, events } = await held(20_000);
    vi.setSystemTime(Date.now() + 20_000);
    expect(
      (
        await cache.get(
          "a",
          "a",
          caller(() => bring("new")),
        )
      ).token,
    ).toBe("new");
    expect(events).toEqual(["miss", "miss"]);
  });
});
