import type { Identity } from "./identities.ts";
import type { IssuedToken, TokenSource } from "./tokens.ts";

/** A cached token is given out until so long before it expires, or half of its life for one that lives shorter. */
const marginInMs = 5 * 60_000;

/** So many tokens are kept at most; the oldest makes room. An app uses a handful. */
const capacity = 1000;

interface Entry {
  readonly since: number;
  readonly token: Promise<IssuedToken>;
  until: number;
}

/**
 * The platform's cache behind the endpoint: one token per identity and resource, the same for every caller until
 * shortly before it expires. On Azure it cannot be emptied from outside, which is why a new role may take a day to show.
 */
export class PlatformCache implements TokenSource {
  readonly #source: TokenSource;
  readonly #entries = new Map<string, Entry>();

  constructor(source: TokenSource) {
    this.#source = source;
  }

  issue(identity: Identity, resource: string, now: number, expiresOn?: number): Promise<IssuedToken> {
    if (expiresOn !== undefined) {
      return this.#source.issue(identity, resource, now, expiresOn);
    }
    const key = `${identity.objectId} ${resource}`;
    const cached = this.#entries.get(key);
    if (cached !== undefined && cached.since <= now && now < cached.until) {
      return cached.token;
    }
    if (this.#entries.size >= capacity) {
      this.#entries.delete(this.#entries.keys().next().value ?? "");
    }
    const entry: Entry = { since: now, token: this.#source.issue(identity, resource, now), until: Infinity };
    this.#entries.set(key, entry);
    void this.#settle(key, entry);
    return entry.token;
  }

  /** Forgets every token. */
  clear(): void {
    this.#entries.clear();
  }
  async #settle(key: string, entry: Entry): Promise<void> {
    try {
      const { expiresOn } = await entry.token;
      entry.until = expiresOn - Math.min(marginInMs, Math.max(0, expiresOn - entry.since) / 2);
    } catch {
      // A failure is not kept: the next caller tries again.
      if (this.#entries.get(key) === entry) {
        this.#entries.delete(key);
      }
    }
  }
}
