import { describe, expect, it } from "vitest";
import { defaultUserAssigned, stranger } from "./identities.ts";
import { PlatformCache } from "./platform-cache.ts";
import type { IssuedToken, TokenSource } from "./tokens.ts";

const minute = 60_000;
const vault = "https://vault.azure.net";

/** Gives tokens that are numbered and live for an hour. */
class NumberedTokens implements TokenSource {
  issued = 0;
  fail = false;

  issue(_identity: unknown, _resource: string, now: number, expiresOn = now + 60 * minute): Promise<IssuedToken> {
    this.issued += 1;
    return this.fail ? Promise.reject(new Error("no")) : Promise.resolve({ token: `${this.issued}`, expiresOn });
  }
}

describe("the platform cache", () => {
  it("gives the same token until 5 minutes before it expires", async () => {
    const cache = new PlatformCache(new NumberedTokens());
    const at = async (now: number): Promise<string> => (await cache.issue(stranger, vault, now)).token;
    expect(await at(0)).toBe("1");
    expect(await at(54.9 * minute)).toBe("1");
    expect(await at(55 * minute)).toBe("2");
  });

  it("gives a new token when the clock was set back to before the cached one", async () => {
    const cache = new PlatformCache(new NumberedTokens());
    await cache.issue(stranger, vault, 10 * minute);
    expect((await cache.issue(stranger, vault, 9 * minute)).token).toBe("2");
  });

  it("keeps a token per identity and resource", async () => {
    const source = new NumberedTokens();
    const cache = new PlatformCache(source);
    await Promise.all([
      cache.issue(stranger, vault, 0),
      cache.issue(defaultUserAssigned, vault, 0),
      cache.issue(stranger, `${vault}/`, 0),
    ]);
    expect(source.issued).toBe(3);
  });

  it("asks once for callers that come at the same time", async () => {
    const source = new NumberedTokens();
    const cache = new PlatformCache(source);
    await Promise.all(Array.from({ length: 50 }, () => cache.issue(stranger, vault, 0)));
    expect(source.issued).toBe(1);
  });

  it("does not keep a failure", async () => {
    const source = new NumberedTokens();
    const cache = new PlatformCache(source);
    source.fail = true;
    await expect(cache.issue(stranger, vault, 0)).rejects.toThrow("no");
    source.fail = false;
    expect((await cache.issue(stranger, vault, 0)).token).toBe("2");
  });

  it("passes by a token that is to expire at an unusual time", async () => {
    const cache = new PlatformCache(new NumberedTokens());
    await cache.issue(stranger, vault, 0);
    expect(await cache.issue(stranger, vault, 0, minute)).toEqual({ token: "2", expiresOn: minute });
    expect((await cache.issue(stranger, vault, 0)).token).toBe("1");
  });

  it("stays small whatever is asked for", async () => {
    const source = new NumberedTokens();
    const cache = new PlatformCache(source);
    for (let index = 0; index <= 1000; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, to know which is the oldest
      await cache.issue(stranger, `${vault}/${index}`, 0);
    }
    await cache.issue(stranger, `${vault}/1`, 0);
    expect(source.issued).toBe(1001);
    await cache.issue(stranger, `${vault}/0`, 0);
    expect(source.issued).toBe(1002);
  });
});
