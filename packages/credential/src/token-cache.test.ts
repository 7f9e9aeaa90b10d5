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
    expect(cache.fresh("a")).toBe(cache.fresh(["a"]));
    expect(cache.fresh(["a", "b"])).toBeUndefined();
    expect(cache.fresh([])).toBeUndefined();
    expect(cache.fresh(undefined as never)).toBeUndefined();
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

  it("is handed out after a failure", async () => {
    const { cache } = await held(20_000);
    await vi.advanceTimersByTimeAsync(16_000);
    const failing = caller(() => Promise.reject(new Error("no")));
    expect((await cache.get("a", "a", failing)).token).toBe("old");
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
