import type { ArmedFault, ArmOptions, FaultSummary } from "./armed-faults.ts";
import type { Time } from "./clock.ts";
import { ControlClient } from "./control-client.ts";
import type { EmulatorState } from "./emulator-state.ts";
import type { EmulatorEnv } from "./environment.ts";
import type { FaultName, FaultParameters } from "./faults.ts";
import type { HostName } from "./hosts.ts";
import type { Identities } from "./identities.ts";
import { matches, waitFor } from "./journal-wait.ts";
import type { JournalEntry, JournalFilter, JournalWaitOptions, TokenOrigin } from "./journal.ts";

/** `Journal`, a round trip away. */
export interface RemoteJournal {
  list(filter?: JournalFilter): Promise<readonly JournalEntry[]>;
  next(filter?: JournalFilter, options?: JournalWaitOptions): Promise<JournalEntry>;
  /** `onEnd` is called when the emulator is gone, or the subscription was stopped. */
  subscribe(listener: (entry: JournalEntry) => void, onEnd?: () => void): Promise<() => void>;
  clear(): Promise<void>;
}

/** `Faults`, a round trip away. */
export interface RemoteFaults {
  list(): Promise<readonly FaultSummary[]>;
  armed(): Promise<readonly ArmedFault[]>;
  arm<Name extends FaultName>(name: Name, options?: ArmOptions & Partial<FaultParameters[Name]>): Promise<ArmedFault>;
  clear(which?: number | FaultName): Promise<void>;
}

/** `Clock`, a round trip away. */
export interface RemoteClock {
  now(): Promise<number>;
  frozen(): Promise<boolean>;
  set(time: Time): Promise<void>;
  advance(durationInMs: number): Promise<void>;
  freeze(time?: Time): Promise<void>;
  resume(): Promise<void>;
}

/** An emulator in another process: the verbs of `Emulator`, each a promise. */
export interface RemoteEmulator {
  readonly url: string;
  readonly host: HostName;
  /** As of the connection, or of the last `rotateSecret()` or `reset()` through it. */
  readonly env: EmulatorEnv;
  readonly identities: Identities;
  readonly tenantId: string;
  readonly tokensFrom: TokenOrigin;
  readonly journal: RemoteJournal;
  readonly faults: RemoteFaults;
  readonly clock: RemoteClock;
  /** Everything about it at this moment, but the secret and the requests. */
  state(): Promise<EmulatorState>;
  rotateSecret(): Promise<EmulatorEnv>;
  reset(): Promise<void>;
  /** Ends the connection. The emulator goes on. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Connects to an emulator that runs in another process of this machine.
 *
 * @param url its `dashboardUrl`, or its `url` with the key beside it
 * @throws TypeError when there is no key; Error when no emulator answers, or it refuses the key.
 */
export async function connectEmulator(url: string, key: string = keyOf(url)): Promise<RemoteEmulator> {
  if (key === "") {
    throw new TypeError("the key is missing: pass the emulator's dashboardUrl, which carries it, or the key itself");
  }
  const client = new ControlClient(new URL(url), key);
  const { host, identities, tenantId, tokensFrom, ...state } = await client.call<EmulatorState>("GET", "state");
  const env = await client.call<EmulatorEnv>("GET", "env");
  const close = async (): Promise<void> => client.close();
  return {
    url: state.url,
    host,
    env,
    identities,
    tenantId,
    tokensFrom,
    journal: remoteJournal(client),
    faults: remoteFaults(client),
    clock: remoteClock(client),
    state: () => client.call("GET", "state"),
    rotateSecret: async () => Object.assign(env, await client.call("POST", "secret")),
    reset: async () => {
      await client.call("POST", "reset");
      Object.assign(env, await client.call("GET", "env"));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function keyOf(url: string): string {
  return URL.canParse(url) ? (new URLSearchParams(new URL(url).hash.slice(1)).get("key") ?? "") : "";
}

function remoteFaults(client: ControlClient): RemoteFaults {
  const faults = (): Promise<{ known: FaultSummary[]; armed: ArmedFault[] }> => client.call("GET", "faults");
  return {
    list: async () => (await faults()).known,
    armed: async () => (await faults()).armed,
    arm: (name, options) => client.call("POST", "faults", { ...options, name }),
    clear: (which) => client.call("DELETE", which === undefined ? "faults" : `faults/${encodeURIComponent(which)}`),
  };
}

function remoteClock(client: ControlClient): RemoteClock {
  const read = (): Promise<EmulatorState["clock"]> => client.call("GET", "clock");
  const move = async (verb: object): Promise<void> => void (await client.call("POST", "clock", verb));
  return {
    now: async () => (await read()).now,
    frozen: async () => (await read()).frozen,
    set: (time) => move({ set: time }),
    advance: (durationInMs) => move({ advance: durationInMs }),
    freeze: (time) => move({ freeze: time ?? true }),
    resume: () => move({ resume: true }),
  };
}

function remoteJournal(client: ControlClient): RemoteJournal {
  const subscribe: RemoteJournal["subscribe"] = (listener, onEnd) =>
    client.listen((name, data) => {
      if (name === "request") {
        listener(JSON.parse(data));
      }
    }, onEnd);
  return {
    list: async (filter) => {
      const entries = await client.call<JournalEntry[]>("GET", "journal");
      return filter === undefined ? entries : entries.filter((entry) => matches(entry, filter));
    },
    next: (filter, options) => waitFor(subscribe, filter, options),
    subscribe,
    clear: () => client.call("DELETE", "journal"),
  };
}
