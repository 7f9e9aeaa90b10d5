import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type Identity, startEmulator } from "@appservice-msi/emulator";
import { startImds, startProxy } from "./beside.ts";
import type { Outcome } from "./outcome.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** What a trial needs around it. */
export interface SetStage extends Stage {
  readonly emulator: Emulator;
  /** What was seen from outside. */
  seen(): Pick<Outcome, "proxy">;
  /** Clears up for the next trial. */
  [Symbol.asyncDispose](): Promise<void>;
}

const besides = { proxy: startProxy, imds: startImds } as const;

/** Sets a stage for each trial. An emulator that has served is reset and serves again: the same keys, the same ids. */
export class Stages {
  /** Where the processes of the trials keep compiled code, so that each starts sooner than the first. */
  readonly compileCache: string;
  readonly #idle = new Map<string, Emulator[]>();

  static async open(): Promise<Stages> {
    return new Stages(await mkdtemp(join(tmpdir(), "appservice-msi-compare-")));
  }

  private constructor(compileCache: string) {
    this.compileCache = compileCache;
  }

  async set({ host = {}, beside: kind }: Scenario): Promise<SetStage> {
    const key = JSON.stringify(host);
    const emulator = this.#idle.get(key)?.pop() ?? (await startEmulator(host));
    // The first token waits for the key that signs it; no credential shall be charged for that.
    await (await fetch(`${emulator.url}/discovery/keys`)).arrayBuffer();
    const beside = kind && (await besides[kind](emulator));
    return {
      emulator,
      env: { ...emulator.env },
      assigned: emulator.identities.userAssigned[0] as Identity,
      besideUrl: beside?.url ?? "",
      seen: () => beside?.seen() ?? {},
      [Symbol.asyncDispose]: async () => {
        beside?.close();
        await emulator.reset();
        this.#idle.set(key, [...(this.#idle.get(key) ?? []), emulator]);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#idle.values()].flat().map((emulator) => emulator.close()));
    await rm(this.compileCache, { recursive: true });
  }
}
