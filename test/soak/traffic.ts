import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type * as credentialModule from "@appservice-msi/credential";
import type { AppServiceMsiCredential, AppServiceMsiCredentialOptions } from "@appservice-msi/credential";

/** What the callers have seen. */
export interface Tally {
  calls: number;
  tokens: number;
  /** How often each kind of error came. Faults make errors: they count, they do not fail the run. */
  readonly errors: Map<string, number>;
  /** What must never happen, in words. */
  readonly violations: string[];
}

const callers = 24;
const resources = 6;

/** Short, so that the longest fault is met many times, and a rest is soon reached. */
const patience: AppServiceMsiCredentialOptions = {
  timeoutInMs: 4_000,
  attemptTimeoutInMs: 1_000,
  retryOptions: { maxRetries: 3, retryDelayInMs: 50, maxRetryDelayInMs: 500 },
};

/** A call that ends later than this after its time hangs, unless the process itself stood still for as long. */
const lateInMs = 500;

const identities: readonly AppServiceMsiCredentialOptions[] = [
  { clientId: "" },
  { clientId: "c0000000-0000-4000-8000-000000000001" }, // the emulator's user-assigned identity
  { objectId: "c0000000-0000-4000-8000-000000000002" },
];

/** Callers of every kind, until told to stop: patient and impatient ones, some who give up, some who come once. */
export class Traffic {
  readonly #module: typeof credentialModule;
  readonly #env: Record<string, string>;
  readonly #random: () => number;
  readonly #credentials: readonly AppServiceMsiCredential[];
  readonly #standstill = monitorEventLoopDelay();
  #serial = 0;
  readonly tally: Tally = { calls: 0, tokens: 0, errors: new Map(), violations: [] };

  constructor(module: typeof credentialModule, env: Record<string, string>, random: () => number) {
    this.#module = module;
    this.#env = env;
    this.#random = random;
    this.#credentials = identities.map((identity) => this.#credential(identity));
  }

  /** Fills what is filled once: caches that have a limit, code that is compiled when it is used a lot. */
  async warmUp(): Promise<void> {
    this.#standstill.enable();
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => this.#call(this.#anyCredential(), this.#newResource())));
    }
  }

  /** Lets callers come for so long, and returns when the last of them has gone. */
  async flow(forInMs: number): Promise<void> {
    const end = performance.now() + forInMs;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        await this.#callSomehow();
        await wait(5 + this.#random() * 20);
      }
    };
    this.#standstill.reset();
    this.#standstill.enable();
    await Promise.all(Array.from({ length: callers }, caller));
    this.#standstill.disable();
  }

  #callSomehow(): Promise<void> {
    const [credential, resource, kind] = [this.#anyCredential(), this.#anyResource(), this.#random()];
    if (kind < 0.03) {
      return this.#call(this.#credential(identities[0] as AppServiceMsiCredentialOptions), resource); // comes and goes
    }
    if (kind < 0.05) {
      return this.#call(credential, this.#newResource());
    }
    if (kind < 0.15) {
      return this.#call(credential, resource, {
        abortSignal: AbortSignal.timeout(1 + Math.floor(this.#random() * 500)),
      });
    }
    if (kind < 0.25) {
      return this.#call(credential, resource, { requestOptions: { timeout: 1 + Math.floor(this.#random() * 500) } });
    }
    return this.#call(credential, resource, kind < 0.26 ? { claims: "{}" } : {});
  }

  async #call(
    credential: AppServiceMsiCredential,
    resource: string,
    options: Parameters<AppServiceMsiCredential["getToken"]>[1] = {},
  ): Promise<void> {
    const begin = performance.now();
    this.tally.calls += 1;
    try {
      const { expiresOnTimestamp } = await credential.getToken(`${resource}/.default`, options);
      this.tally.tokens += 1;
      this.#check(expiresOnTimestamp > Date.now(), "a token was handed out after its end");
    } catch (error) {
      this.#count(error);
    }
    const took = performance.now() - begin;
    const allowed = (patience.timeoutInMs ?? 0) + lateInMs + this.#standstill.max / 1e6;
    this.#check(took < allowed, `a call took ${Math.round(took)} ms`);
  }

  #count(error: unknown): void {
    const isKnown = error instanceof this.#module.AppServiceMsiError;
    const name = isKnown ? error.code : error instanceof Error ? error.name : String(error);
    this.#check(isKnown || name === "AbortError", `an error that is not in the contract: ${String(error)}`);
    this.tally.errors.set(name, (this.tally.errors.get(name) ?? 0) + 1);
  }

  #check(holds: boolean, otherwise: string): void {
    if (!holds && this.tally.violations.length < 20) {
      this.tally.violations.push(otherwise);
    }
  }

  #credential(identity: AppServiceMsiCredentialOptions): AppServiceMsiCredential {
    return new this.#module.AppServiceMsiCredential({ ...identity, ...patience, env: this.#env });
  }

  #anyCredential(): AppServiceMsiCredential {
    return this.#credentials[Math.floor(this.#random() * this.#credentials.length)] as AppServiceMsiCredential;
  }

  #anyResource(): string {
    return `https://resource-${Math.floor(this.#random() * resources)}.test`;
  }

  #newResource(): string {
    return `https://seen-once-${++this.#serial}.test`;
  }
}
