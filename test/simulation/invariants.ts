import { getEventListeners } from "node:events";
import type { AccessToken } from "@azure/core-auth";
import type { TokenEvent } from "@appservice-msi/credential";
import { mostFailures, mostRepeats, mostRequests, mostTokensKept, shortestPauseInMs } from "./bounds.ts";
import type { PlatformObserver } from "./platform.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What must hold, whatever happens. */
export const invariants = [
  "no expired token is handed out",
  "no error while a valid token is held",
  "one request in flight for a key",
  "no request before Retry-After is over",
  "refreshes keep their distance",
  "a token that stays the same is asked for ever more seldom",
  "refreshes that fail grow seldom",
  "requests are bounded",
  "every call settles in its time",
  "an abort ends only its own wait",
  "every key recovers after the last fault",
  "nothing is left behind",
  "nothing grows without bound",
] as const;
export type Invariant = (typeof invariants)[number];

/** An invariant that did not hold, and where. */
export class Violation extends Error {
  readonly invariant: Invariant;
  constructor(invariant: Invariant, details: string) {
    super(`${invariant}: ${details}`);
    this.name = "Violation";
    this.invariant = invariant;
  }
}

/** A call as the watcher needs to know it. */
export interface WatchedCall {
  readonly credential: number;
  readonly resource: string;
  readonly timeoutInMs: number;
  readonly claims: boolean;
  readonly abortSignal?: AbortSignal | undefined;
}

interface Key {
  /** When the token ends that was handed out last. The token itself is not held here: it could not be forgotten. */
  heldUntil: number;
  inFlight: number;
  requests: number;
  /** Why there may be requests: misses, refreshes, fallbacks, new variables. */
  reasons: number;
  lastRefreshAt: number;
  /** A refresh has begun, and no token has come since. */
  isOwed: boolean;
  failing: { since: number; times: number };
  /** The newest token that came, how much life it came with, and how often it was brought again. */
  newest: { expiresOn: number; lifeInMs: number; repeats: number };
}

/** A token that was asked for once. */
interface Passing {
  readonly token: WeakRef<AccessToken>;
  readonly expiresOn: number;
}

/** Timers fire on whole milliseconds, and a rounding or two may lie between two views of one moment. */
const tolerance = 2;

/** Watches a run from outside: calls and what they brought, requests at the platform, events of the diagnostics channel. */
export class Watcher implements PlatformObserver {
  readonly #time: VirtualTime;
  readonly #keys = new Map<string, Key>();
  readonly #waitUntil = new Map<string, number>();
  readonly #passing: Passing[] = [];
  #mostAlive = 0;
  #publications = 0;
  readonly violations: Violation[] = [];
  calls = 0;
  requests = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  requestBegins(credential: number, resource: string, host: string): void {
    this.requests += 1;
    const key = this.#key(credential, resource);
    key.inFlight += 1;
    key.requests += 1;
    this.#check(key.inFlight === 1, "one request in flight for a key", `${key.inFlight} for ${resource}`);
    const most = mostRequests(key.reasons + this.#publications);
    this.#check(key.requests <= most, "requests are bounded", `${key.requests} instead of ${most} for ${resource}`);
    const early = (this.#waitUntil.get(`${credential} ${host}`) ?? 0) - this.#time.now();
    this.#check(early <= tolerance, "no request before Retry-After is over", `${early} ms early for ${resource}`);
  }

  requestEnds(credential: number, resource: string): void {
    this.#key(credential, resource).inFlight -= 1;
  }

  issues(credential: number, resource: string, expiresOn: number): void {
    const key = this.#key(credential, resource);
    if (expiresOn > key.newest.expiresOn) {
      key.newest = { expiresOn, lifeInMs: expiresOn - Date.now(), repeats: 0 };
    } else if (key.isOwed) {
      key.newest.repeats += 1;
      this.#check(
        key.newest.repeats <= mostRepeats(key.newest.lifeInMs),
        "a token that stays the same is asked for ever more seldom",
        `${key.newest.repeats} times for ${resource}`,
      );
    }
    key.isOwed = false;
    key.failing = { since: this.#time.now(), times: 0 };
  }

  publishes(): void {
    this.#publications += 1;
  }

  /** The wall clock is about to jump: what was counted by it is counted anew. */
  jumps(): void {
    for (const key of this.#keys.values()) {
      // Set back, the clock would make a token of the past look valid again: that one may be forgotten by now.
      key.heldUntil = key.heldUntil > Date.now() ? key.heldUntil : 0;
      this.#forget(key);
    }
  }

  asksToWait(credential: number, host: string, forInMs: number): void {
    this.#waitUntil.set(`${credential} ${host}`, this.#time.now() + forInMs);
  }

  /** An event of the credential. */
  hears(credential: number, { type, resource }: TokenEvent): void {
    const key = this.#key(credential, resource);
    key.reasons += type === "miss" || type === "refresh" || type === "fallback" ? 1 : 0;
    if (type === "refresh") {
      this.#refreshes(key, resource);
    }
  }

  /** A refresh begins behind a token that is still handed out. */
  #refreshes(key: Key, resource: string): void {
    const now = this.#time.now();
    const distance = now - key.lastRefreshAt;
    this.#check(
      distance >= shortestPauseInMs - tolerance,
      "refreshes keep their distance",
      `${distance} ms after the one before, for ${resource}`,
    );
    key.lastRefreshAt = now;
    if (key.isOwed) {
      key.failing.times += 1;
      const forInMs = now - key.failing.since;
      this.#check(
        key.failing.times <= mostFailures(forInMs),
        "refreshes that fail grow seldom",
        `${key.failing.times} within ${forInMs} ms for ${resource}`,
      );
    } else {
      key.failing = { since: now, times: 0 };
    }
    key.isOwed = true;
  }

  /** Watches one call from its begin to its end. */
  async call(call: WatchedCall, getToken: () => Promise<AccessToken>): Promise<AccessToken | undefined> {
    this.calls += 1;
    const begin = this.#time.now();
    const key = this.#key(call.credential, call.resource);
    if (call.claims) {
      this.#forget(key); // whatever comes takes the place of the token that was refused
    }
    try {
      const token = await getToken();
      const left = token.expiresOnTimestamp - Date.now();
      this.#check(left > 0, "no expired token is handed out", `${-left} ms late for ${call.resource}`);
      key.heldUntil = token.expiresOnTimestamp;
      return token;
    } catch (error) {
      this.#failed(call, key, error as Error);
      return undefined;
    } finally {
      const took = this.#time.now() - begin;
      this.#check(
        took <= call.timeoutInMs + tolerance,
        "every call settles in its time",
        `${took} ms for ${call.resource}`,
      );
      await Promise.resolve(); // the listener goes in the same turn, a step later
      const listeners = call.abortSignal ? getEventListeners(call.abortSignal, "abort").length : 0;
      this.#check(listeners === 0, "nothing is left behind", `${listeners} listeners of an abort signal`);
    }
  }

  /** The token of a resource that is not asked for again. */
  passes(token: AccessToken): void {
    this.#passing.push({ token: new WeakRef(token), expiresOn: token.expiresOnTimestamp });
    const alive = this.#passing.filter(({ expiresOn }) => expiresOn > Date.now()).length;
    this.#mostAlive = Math.max(this.#mostAlive, alive);
  }

  /** Garbage has been collected, long after the last of those tokens was asked for. */
  keptTokens(resources: number): void {
    const kept = this.#passing.filter(({ token }) => token.deref() !== undefined).length;
    const most = mostTokensKept(this.#mostAlive + resources);
    this.#check(kept <= most, "nothing grows without bound", `${kept} tokens are kept, instead of ${most}`);
  }

  /** Whether the token needs no refresh, and is not only kept in use because a refresh has failed. */
  isFresh(credential: number, resource: string, token: AccessToken | undefined): boolean {
    return Date.now() < (token?.refreshAfterTimestamp ?? 0) && !this.#key(credential, resource).isOwed;
  }

  /** Long after the last fault, a key has to have a fresh token. */
  recovered(credential: number, resource: string, token: AccessToken | undefined): void {
    const fresh = this.isFresh(credential, resource, token);
    this.#check(fresh, "every key recovers after the last fault", `credential ${credential}, ${resource}`);
  }

  /** The run is over. */
  ended(timers: number): void {
    this.#check(timers === 0, "nothing is left behind", `${timers} timers`);
    for (const [name, { inFlight }] of this.#keys) {
      this.#check(inFlight === 0, "nothing is left behind", `${inFlight} requests for ${name}`);
    }
  }

  #failed(call: WatchedCall, key: Key, error: Error): void {
    if (error.name === "AbortError") {
      const own = call.abortSignal?.aborted === true;
      this.#check(own, "an abort ends only its own wait", `a call that nobody aborted, for ${call.resource}`);
      return;
    }
    const left = key.heldUntil - Date.now();
    this.#check(call.claims || left <= 0, "no error while a valid token is held", `${left} ms left: ${error.message}`);
  }

  #key(credential: number, resource: string): Key {
    const name = `${credential} ${resource}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = newKey();
      this.#keys.set(name, key);
    }
    return key;
  }

  #forget(key: Key): void {
    key.lastRefreshAt = Number.NEGATIVE_INFINITY;
    key.failing = { since: this.#time.now(), times: 0 };
    key.newest = { expiresOn: 0, lifeInMs: 0, repeats: 0 };
  }

  #check(holds: boolean, invariant: Invariant, details: string): void {
    if (!holds) {
      this.violations.push(new Violation(invariant, `${details}, at ${(this.#time.now() / 1000).toFixed(3)} s`));
    }
  }
}

function newKey(): Key {
  return {
    heldUntil: 0,
    inFlight: 0,
    requests: 0,
    reasons: 0,
    lastRefreshAt: Number.NEGATIVE_INFINITY,
    isOwed: false,
    failing: { since: 0, times: 0 },
    newest: { expiresOn: 0, lifeInMs: 0, repeats: 0 },
  };
}
