import type { AccessToken } from "@azure/core-auth";
import type { AbortSignalLike } from "./abort.ts";
import { Flight, type Work } from "./flight.ts";
import { minLifeInMs, nextTry, refreshPoint } from "./refresh.ts";

/** What a request brings back. Times are in milliseconds since 1970. */
export interface FetchedToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshOnTimestamp?: number | undefined;
}

/** What a caller brings along. */
export interface GetOptions {
  /** Makes the request for a token, if one is needed. */
  readonly work: () => Work<FetchedToken>;
  readonly timeoutInMs: number;
  readonly abortSignal?: AbortSignalLike | undefined;
  /** Asks for a token newer than the one at hand: one request, whose failure is the caller's failure. */
  readonly force: boolean;
}

/**
 * What the cache tells of itself: `hit`, a token from memory was handed out; `refresh`, a request for a new one begins, whether
 * or not the old one is still handed out; `miss`, there was none to hand out.
 */
export type CacheEvent = "hit" | "refresh" | "miss";

/** The cache looks for expired entries when it has grown to this many, and then each time it has doubled. */
const firstSweepSize = 64;

/** All that is known of one resource. The token's `refreshAfterTimestamp` says how long it is handed out as it is. */
interface Entry {
  readonly resource: string;
  token?: Required<AccessToken>;
  flight?: Flight<AccessToken> | undefined;
  /** Refreshes in a row that brought nothing. */
  failures: number;
  /** A service has refused the token: the next one takes its place, however short it lives. */
  refused?: boolean;
}

/** The tokens of one identity by resource, and the requests for them that are under way: one for each resource at most. */
export class TokenCache {
  readonly #observe: (event: CacheEvent, resource: string) => void;
  readonly #refreshTimeoutInMs: number;
  readonly #entries = new Map<string, Entry>();
  /** The same entries by the scope that callers pass, so that a warm call maps no scope to a resource. */
  readonly #entriesByScope = new Map<string, Entry>();

  #sweepSize = firstSweepSize;

  /** @param refreshTimeoutInMs How long a request that no caller waits for may take. */
  constructor(refreshTimeoutInMs: number, observe: (event: CacheEvent, resource: string) => void) {
    this.#refreshTimeoutInMs = refreshTimeoutInMs;
    this.#observe = observe;
  }

  /** The token for the scope if it needs no refresh yet. This is the whole of a warm call. */
  fresh(scopes: string | readonly string[]): AccessToken | undefined {
    const token = this.#entriesByScope.get(keyOf(scopes))?.token;
    return token !== undefined && Date.now() < token.refreshAfterTimestamp ? token : undefined;
  }

  /**
   * The token for the resource: the one at hand while it lives for 30 s or more, with a refresh behind it if one is due, else a
   * new one, and if none can be got, the one at hand to its very end.
   */
  async get(scopes: string | readonly string[], resource: string, options: GetOptions): Promise<AccessToken> {
    const entry = this.#entry(keyOf(scopes), resource);
    entry.refused ||= options.force;
    const held = options.force ? undefined : entry.token;
    const left = (held?.expiresOnTimestamp ?? 0) - Date.now();
    if (held === undefined || left <= 0) {
      this.#observe("miss", resource);
      return this.#flight(entry, options.work).wait(options.timeoutInMs, options.abortSignal);
    }
    if (Date.now() >= held.refreshAfterTimestamp) {
      this.#refresh(entry, options.work);
      if (left < minLifeInMs) {
        return this.#newerOr(held, left, entry, options);
      }
    }
    this.#observe("hit", resource);
    return held;
  }

  /** Forgets all tokens. A request under way still serves those who wait for it, but is not remembered. */
  clear(): void {
    this.#entries.clear();
    this.#entriesByScope.clear();
  }

  /** A newer token if one comes while at least half of what the held one has left remains, else the held one. */
  async #newerOr(held: AccessToken, left: number, entry: Entry, options: GetOptions): Promise<AccessToken> {
    const flight = entry.flight;
    try {
      return flight ? await flight.wait(Math.min(options.timeoutInMs, left / 2), options.abortSignal) : held;
    } catch (error) {
      if (options.abortSignal?.aborted || held.expiresOnTimestamp <= Date.now()) {
        throw error;
      }
      this.#observe("hit", entry.resource);
      return held;
    }
  }

  /** Starts a request behind the token at hand, unless one is under way. It waits for itself, so no caller can end it. */
  #refresh(entry: Entry, work: GetOptions["work"]): void {
    if (entry.flight === undefined) {
      this.#observe("refresh", entry.resource);
      this.#flight(entry, work)
        .wait(this.#refreshTimeoutInMs)
        .catch(() => {}); // `#failed` has seen to it; the next caller past the next try starts again
    }
  }

  #flight(entry: Entry, makeWork: GetOptions["work"]): Flight<AccessToken> {
    if (entry.flight !== undefined) {
      return entry.flight;
    }
    const work = makeWork();
    const flight: Flight<AccessToken> = new Flight<AccessToken>(
      {
        timedOut: (afterInMs) => work.timedOut(afterInMs),
        run: (signal, pausing) =>
          work.run(signal, pausing).then(
            (fetched) => this.#landed(entry, flight, fetched),
            (error: unknown) => {
              this.#failed(entry, flight);
              throw error;
            },
          ),
      },
      () => this.#failed(entry, flight),
    );
    entry.flight = flight;
    return flight;
  }

  #landed(entry: Entry, flight: Flight<AccessToken>, fetched: FetchedToken): AccessToken {
    // The nodes of a platform do not share their caches: an answer may be older than the token at hand, and end before it.
    const isOlder = !entry.refused && fetched.expiresOnTimestamp < (entry.token?.expiresOnTimestamp ?? 0);
    const { token, expiresOnTimestamp } = isOlder && entry.token ? entry.token : fetched;
    const wish = isOlder ? undefined : fetched.refreshOnTimestamp;
    const landed = remember(
      token,
      expiresOnTimestamp,
      refreshPoint(Date.now(), expiresOnTimestamp, Math.random(), wish),
    );
    if (entry.flight === flight) {
      entry.flight = undefined;
      entry.failures = 0;
      entry.refused = false;
      entry.token = landed;
    }
    return landed;
  }

  #failed(entry: Entry, flight: Flight<AccessToken>): void {
    if (entry.flight !== flight) {
      return; // deserted before, and another one may be under way
    }
    entry.flight = undefined;
    // A request that failed before the token was due, as one with claims may, is no refresh.
    if (entry.token !== undefined && Date.now() >= entry.token.refreshAfterTimestamp) {
      entry.failures += 1;
      const { token, expiresOnTimestamp } = entry.token;
      const due = nextTry(Date.now(), expiresOnTimestamp, entry.failures, Math.random());
      entry.token = remember(token, expiresOnTimestamp, due);
    }
  }

  #entry(scope: string, resource: string): Entry {
    let entry = this.#entries.get(resource);
    if (entry === undefined) {
      this.#sweep();
      entry = { resource, failures: 0 };
      this.#entries.set(resource, entry);
    }
    this.#entriesByScope.set(scope, entry);
    return entry;
  }

  /** An app that asks for ever new resources must not grow for ever. */
  #sweep(): void {
    if (this.#entries.size < this.#sweepSize) {
      return;
    }
    const now = Date.now();
    for (const [resource, entry] of this.#entries) {
      if (entry.flight === undefined && (entry.token?.expiresOnTimestamp ?? 0) <= now) {
        this.#entries.delete(resource);
      }
    }
    for (const [scope, entry] of this.#entriesByScope) {
      if (this.#entries.get(entry.resource) !== entry) {
        this.#entriesByScope.delete(scope);
      }
    }
    this.#sweepSize = Math.max(firstSweepSize, 2 * this.#entries.size);
  }
}

/** The scope as the caller wrote it. Several scopes have no entry, so theirs is never found. */
function keyOf(scopes: string | readonly string[]): string {
  return typeof scopes === "string" ? scopes : scopes?.length === 1 ? (scopes[0] as string) : "";
}

/** Frozen, because all callers are handed the same object. */
function remember(token: string, expiresOnTimestamp: number, refreshAfterTimestamp: number): Required<AccessToken> {
  return Object.freeze({ token, expiresOnTimestamp, refreshAfterTimestamp, tokenType: "Bearer" as const });
}
