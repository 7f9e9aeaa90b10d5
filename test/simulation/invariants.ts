import { getEventListeners } from "node:events";
import type { AccessToken } from "@azure/core-auth";
import type { PlatformObserver } from "./platform.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What must hold, whatever happens. */
export type Invariant =
  | "no expired token is handed out"
  | "no error while a valid token is held"
  | "one request in flight for a key"
  | "no request before Retry-After is over"
  | "refreshes keep their distance"
  | "every call settles in its time"
  | "an abort ends only its own wait"
  | "every key recovers after the last fault"
  | "nothing is left behind";

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
  held?: AccessToken;
  inFlight: number;
  lastRefreshAt: number;
  /** A refresh has begun, and no token has come since. */
  isOwed: boolean;
}

/** The shortest time between two refreshes of a key: 5 s, less the tenth that jitter may take. */
const minRefreshDistanceInMs = 4_500;

/** Timers fire on whole milliseconds, and a rounding or two may lie between two views of one moment. */
const tolerance = 2;

/** Watches a run from outside: calls and what they brought, requests at the platform, events of the diagnostics channel. */
export class Watcher implements PlatformObserver {
  readonly #time: VirtualTime;
  readonly #keys = new Map<string, Key>();
  readonly #waitUntil = new Map<string, number>();
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
    this.#check(key.inFlight === 1, "one request in flight for a key", `${key.inFlight} for ${resource}`);
    const early = (this.#waitUntil.get(`${credential} ${host}`) ?? 0) - this.#time.now();
    this.#check(early <= tolerance, "no request before Retry-After is over", `${early} ms early for ${resource}`);
  }

  requestEnds(credential: number, resource: string): void {
    this.#key(credential, resource).inFlight -= 1;
  }

  issues(credential: number, resource: string): void {
    this.#key(credential, resource).isOwed = false;
  }

  asksToWait(credential: number, host: string, forInMs: number): void {
    this.#waitUntil.set(`${credential} ${host}`, this.#time.now() + forInMs);
  }

  /** A refresh begins behind a token that is still handed out. */
  refreshes(credential: number, resource: string): void {
    const key = this.#key(credential, resource);
    const distance = this.#time.now() - key.lastRefreshAt;
    this.#check(
      distance >= minRefreshDistanceInMs - tolerance,
      "refreshes keep their distance",
      `${distance} ms after the one before, for ${resource}`,
    );
    key.lastRefreshAt = this.#time.now();
    key.isOwed = true;
  }

  /** Watches one call from its begin to its end. */
  async call(call: WatchedCall, getToken: () => Promise<AccessToken>): Promise<AccessToken | undefined> {
    this.calls += 1;
    const begin = this.#time.now();
    const key = this.#key(call.credential, call.resource);
    try {
      const token = await getToken();
      const left = token.expiresOnTimestamp - Date.now();
      this.#check(left > 0, "no expired token is handed out", `${-left} ms late for ${call.resource}`);
      key.held = token;
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
    const left = (key.held?.expiresOnTimestamp ?? 0) - Date.now();
    this.#check(call.claims || left <= 0, "no error while a valid token is held", `${left} ms left: ${error.message}`);
  }

  #key(credential: number, resource: string): Key {
    const name = `${credential} ${resource}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = { inFlight: 0, lastRefreshAt: Number.NEGATIVE_INFINITY, isOwed: false };
      this.#keys.set(name, key);
    }
    return key;
  }

  #check(holds: boolean, invariant: Invariant, details: string): void {
    if (!holds) {
      this.violations.push(new Violation(invariant, `${details}, at ${(this.#time.now() / 1000).toFixed(3)} s`));
    }
  }
}
