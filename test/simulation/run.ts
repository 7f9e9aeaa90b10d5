import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type * as credentialModule from "@appservice-msi/credential";
import type { AppServiceMsiCredential, AppServiceMsiCredentialOptions, TokenEvent } from "@appservice-msi/credential";
import { type Violation, Watcher } from "./invariants.ts";
import { Platform } from "./platform.ts";
import type { Burst, IdentityChoice, Scenario, Stream } from "./scenario.ts";
import { collectGarbage, inVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** What a run brought to light. */
export interface Outcome {
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly requests: number;
}

const timeoutInMs = 30_000;

/** After the last fault: a request with all its retries that began before its end, and the longest pause between two of them. */
const recoveryInS = timeoutInMs / 1000 + 5 * 60;

/** So many keys are asked for in the midst of a fault; where there are more, some of them, each time others. */
const mostKeysAtOnce = 48;

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
    if (scenario.strangers > 0) {
      await collectGarbage();
      watcher.keptTokens(scenario.resources);
    }
    return { violations: watcher.violations, calls: watcher.calls, requests: watcher.requests };
  });
}

class Run {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #watcher: Watcher;
  readonly #platform: Platform;
  readonly #credentials: readonly AppServiceMsiCredential[];
  readonly #credentialOf: ReadonlyMap<string, number>;
  #round = 0;

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
    this.#credentialOf = new Map(scenario.identities.map((identity, index) => [nameOf(idOf(identity)), index]));
  }

  /** The channel is the process's; an event tells by its identity which credential it is of. */
  hears(event: TokenEvent): void {
    const { identity } = event;
    const name =
      identity.kind === "systemAssigned" ? nameOf(idOf("systemAssigned")) : nameOf({ [identity.kind]: identity.id });
    this.#watcher.hears(this.#credentialOf.get(name) ?? -1, event);
  }

  schedule(): void {
    const { days, bursts, streams, strangers, rotations, restarts, skews, faults } = this.#scenario;
    const horizon = days * 86_400;
    const events: { at: number; act: () => void }[] = [
      ...bursts.map((burst) => ({ at: burst.at, act: () => this.#burst(burst) })),
      ...streams.map((stream) => ({ at: stream.at, act: () => this.#stream(stream, 0) })),
      ...Array.from({ length: strangers }, (_, index) => ({
        at: (index * horizon) / strangers,
        act: () => void this.#stranger(index),
      })),
      // Callers come when it matters: in the midst of a fault, and right after it.
      ...faults.flatMap(({ at, forSeconds }) =>
        [at + 1, at + forSeconds / 2, at + forSeconds + 1].map((moment) => ({
          at: moment,
          act: () => this.#pollSome(),
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
        { at, act: () => this.#jump(byInMs) },
        { at: at + forSeconds, act: () => this.#jump(0) },
      ]),
    ];
    const troubles = [
      ...[...faults, ...restarts].map(({ at, forSeconds }) => at + forSeconds),
      // Set back by an hour, a clock comes to the time of the next try an hour later.
      ...skews.map(({ at, forSeconds, byInMs }) => at + forSeconds + Math.abs(byInMs) / 1000),
      ...rotations.map(({ at, lagInSeconds }) => at + lagInSeconds),
      this.#scenario.lateStartInS,
    ];
    const calm = Math.max(...troubles) + recoveryInS;
    events.push(
      { at: calm, act: () => this.#forEachKey((credential, resource) => void this.#call(credential, resource)) },
      { at: calm + 60, act: () => this.#checkRecovery() },
    );
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

  #pollSome(): void {
    const step = Math.ceil((this.#credentials.length * this.#scenario.resources) / mostKeysAtOnce);
    this.#round += 1;
    let index = this.#round;
    this.#forEachKey((credential, resource) => {
      index += 1;
      if (index % step === 0) {
        void this.#call(credential, resource);
      }
    });
  }

  #stream(stream: Stream, done: number): void {
    const resource = resourceOf(stream.resource % this.#scenario.resources);
    void this.#call(stream.credential % this.#credentials.length, resource);
    if (done + 1 < stream.callers) {
      setTimeout(() => this.#stream(stream, done + 1), stream.everyInMs);
    }
  }

  async #stranger(index: number): Promise<void> {
    const token = await this.#call(0, `https://stranger-${index}.test`);
    if (token !== undefined) {
      this.#watcher.passes(token);
    }
  }

  #jump(toInMs: number): void {
    this.#watcher.jumps();
    this.#time.skewWallClock(toInMs);
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
    return this.#watcher.call(call, () =>
      (this.#credentials[credential] as AppServiceMsiCredential).getToken(`${resource}/.default`, {
        ...(abortSignal && { abortSignal }),
        ...(claims && { claims: "{}" }),
        ...(how.timeoutInMs !== undefined && { requestOptions: { timeout: how.timeoutInMs } }),
      }),
    );
  }
}

function idOf(identity: IdentityChoice): Pick<AppServiceMsiCredentialOptions, "clientId" | "objectId"> {
  const [kind, number = ""] = identity.split(" ");
  const id = `c0000000-0000-4000-8000-${number.padStart(12, "0")}`;
  return kind === "systemAssigned" ? { clientId: "" } : kind === "objectId" ? { objectId: id } : { clientId: id };
}

function nameOf(id: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(id).join();
}

function resourceOf(index: number): string {
  return `https://resource-${index}.test`;
}
