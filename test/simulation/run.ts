import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type * as credentialModule from "@appservice-msi/credential";
import type { AppServiceMsiCredential, TokenEvent } from "@appservice-msi/credential";
import { type Violation, Watcher } from "./invariants.ts";
import { clientIds, Platform } from "./platform.ts";
import type { Burst, IdentityChoice, Scenario } from "./scenario.ts";
import { inVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** What a run brought to light. */
export interface Outcome {
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly requests: number;
}

const timeoutInMs = 30_000;

/** After the last fault: time for the longest pause between two refreshes, and for a request with all its retries. */
const recoveryInS = 15 * 60;

const polls = 240;

const loaded = new WeakSet<typeof credentialModule>();

/** Has the credential load its network part, which happens once and in real time. */
async function load(module: typeof credentialModule): Promise<void> {
  if (!loaded.has(module)) {
    const env = { IDENTITY_ENDPOINT: "http://localhost/", IDENTITY_HEADER: "none" };
    const httpClient: HttpClient = { sendRequest: () => Promise.reject(new Error("not in this world")) };
    const credential = new module.AppServiceMsiCredential({ env, httpClient, retryOptions: { maxRetries: 0 } });
    await credential.getToken("load").catch(() => {});
    loaded.add(module);
  }
}

/** Plays a scenario with the real credential on virtual time. The same scenario always ends the same way. */
export async function play(scenario: Scenario, module: typeof credentialModule): Promise<Outcome> {
  await load(module);
  const { AppServiceMsiCredential } = module;
  return inVirtualTime(scenario.seed, async (time) => {
    const watcher = new Watcher(time);
    const platform = new Platform(scenario, time, watcher);
    const credentials = scenario.identities.map(
      (identity, index) =>
        new AppServiceMsiCredential({
          ...idOf(identity),
          env: platform.env,
          httpClient: platform.httpClient(index),
          timeoutInMs,
        }),
    );
    const run = new Run(scenario, time, watcher, platform, credentials);
    const listen = (message: unknown): void => run.hears(message as TokenEvent);
    subscribe("appservice-msi:token", listen);
    try {
      run.schedule();
      await time.drain();
    } finally {
      unsubscribe("appservice-msi:token", listen);
    }
    watcher.ended(time.timers());
    return { violations: watcher.violations, calls: watcher.calls, requests: watcher.requests };
  });
}

class Run {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #watcher: Watcher;
  readonly #platform: Platform;
  readonly #credentials: readonly AppServiceMsiCredential[];
  #calling = 0;

  constructor(
    scenario: Scenario,
    time: VirtualTime,
    watcher: Watcher,
    platform: Platform,
    credentials: readonly AppServiceMsiCredential[],
  ) {
    this.#scenario = scenario;
    this.#time = time;
    this.#watcher = watcher;
    this.#platform = platform;
    this.#credentials = credentials;
  }

  /** The channel is the process's; the events come while the call that causes them is being made. */
  hears(event: TokenEvent): void {
    if (event.type === "refresh") {
      this.#watcher.refreshes(this.#calling, event.resource);
    }
  }

  schedule(): void {
    const { days, bursts, rotations, restarts, skews, faults } = this.#scenario;
    const horizon = days * 86_400;
    const events: { at: number; act: () => void }[] = [
      ...bursts.map((burst) => ({ at: burst.at, act: () => this.#burst(burst) })),
      // Callers come when it matters: in the midst of a fault, and right after it.
      ...faults.flatMap(({ at, forSeconds }) =>
        [at + 1, at + forSeconds / 2, at + forSeconds + 1].map((moment) => ({
          at: moment,
          act: () => this.#pollAll(),
        })),
      ),
      ...Array.from({ length: polls }, (_, index) => ({
        at: (index * horizon) / polls,
        act: () => this.#poll(index),
      })),
      ...rotations.flatMap(({ at, lagInSeconds }) => [
        { at, act: () => this.#platform.rotateSecret() },
        { at: at + lagInSeconds, act: () => this.#platform.publish() },
      ]),
      ...restarts.map(({ at, forSeconds }) => ({ at, act: () => this.#platform.restart(forSeconds * 1000) })),
      ...skews.flatMap(({ at, forSeconds, byInMs }) => [
        { at, act: () => this.#time.skewWallClock(byInMs) },
        { at: at + forSeconds, act: () => this.#time.skewWallClock(0) },
      ]),
    ];
    const troubles = [
      ...[...faults, ...restarts, ...skews].map(({ at, forSeconds }) => at + forSeconds),
      ...rotations.map(({ at, lagInSeconds }) => at + lagInSeconds),
      this.#scenario.lateStartInS,
    ];
    const calm = Math.max(...troubles) + recoveryInS;
    events.push({ at: calm, act: () => this.#pollAll() }, { at: calm + 60, act: () => this.#checkRecovery() });
    events.sort((one, other) => one.at - other.at);
    this.#next(events, 0);
  }

  /** One timer at a time: the longest delay that a timer can have is shorter than a run. */
  #next(events: readonly { at: number; act: () => void }[], index: number): void {
    const event = events[index];
    if (event !== undefined) {
      setTimeout(
        () => {
          event.act();
          this.#next(events, index + 1);
        },
        event.at * 1000 - this.#time.now(),
      );
    }
  }

  #burst(burst: Burst): void {
    const credential = burst.credential % this.#credentials.length;
    const resource = resourceOf(burst.resource % this.#scenario.resources);
    for (let caller = 0; caller < burst.callers; caller += 1) {
      const gaveUp = burst.abortAfterInMs !== undefined && caller % 2 === 0 ? new AbortController() : undefined;
      if (gaveUp) {
        setTimeout(() => gaveUp.abort(), burst.abortAfterInMs);
      }
      const claims = burst.claims === true && caller === 0;
      void this.#call(credential, resource, { claims, timeoutInMs: burst.timeoutInMs, abortSignal: gaveUp?.signal });
    }
  }

  #poll(index: number): void {
    void this.#call(index % this.#credentials.length, resourceOf(index % this.#scenario.resources));
  }

  #pollAll(): void {
    this.#forEachKey((credential, resource) => void this.#call(credential, resource));
  }

  #checkRecovery(): void {
    this.#forEachKey((credential, resource) => {
      // An identity that the other API version cannot carry is refused for good.
      if (this.#scenario.identities[credential] === "objectId" && this.#scenario.speaks === "2017-09-01") {
        return;
      }
      void this.#checkFresh(credential, resource);
    });
  }

  async #checkFresh(credential: number, resource: string): Promise<void> {
    if (!this.#watcher.isFresh(credential, resource, await this.#call(credential, resource))) {
      // It may have come to its refresh point just now. Then a newer one is there in a moment.
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      this.#watcher.recovered(credential, resource, await this.#call(credential, resource));
    }
  }

  #forEachKey(act: (credential: number, resource: string) => void): void {
    for (const credential of this.#credentials.keys()) {
      for (let resource = 0; resource < this.#scenario.resources; resource += 1) {
        act(credential, resourceOf(resource));
      }
    }
  }

  #call(
    credential: number,
    resource: string,
    how: { claims?: boolean; timeoutInMs?: number | undefined; abortSignal?: AbortSignal | undefined } = {},
  ) {
    const { claims = false, abortSignal } = how;
    const call = { credential, resource, claims, abortSignal, timeoutInMs: how.timeoutInMs ?? timeoutInMs };
    return this.#watcher.call(call, () => {
      this.#calling = credential;
      return (this.#credentials[credential] as AppServiceMsiCredential).getToken(`${resource}/.default`, {
        ...(abortSignal && { abortSignal }),
        ...(claims && { claims: "{}" }),
        ...(how.timeoutInMs !== undefined && { requestOptions: { timeout: how.timeoutInMs } }),
      });
    });
  }
}

function idOf(identity: IdentityChoice): object {
  switch (identity) {
    case "systemAssigned":
      return { clientId: "" };
    case "objectId":
      return { objectId: "01111111-1111-4111-8111-111111111111" };
    default:
      return { clientId: clientIds[identity] };
  }
}

function resourceOf(index: number): string {
  return `https://resource-${index}.test`;
}
