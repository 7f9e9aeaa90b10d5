import type {
  ArmOptions,
  EmulatorOptions,
  FaultName,
  FaultParameters,
  Identity,
  RemoteEmulator,
} from "@appservice-msi/emulator";
import type { Outcome } from "./outcome.ts";
import type { IdKind } from "./subjects.ts";

/** What the options of a credential may be set to: the ids in words that each credential's own names are put to. */
export type CredentialOptions = Readonly<Partial<Record<IdKind, string>>> & {
  readonly retryOptions?: { readonly maxRetries?: number };
  readonly timeoutInMs?: number;
};

/** A fault of the emulator, and what is set on it. */
export type FaultToMeet = {
  readonly [Name in FaultName]: { readonly name: Name } & ArmOptions & Partial<FaultParameters[Name]>;
}[FaultName];

/** What a scenario can do by itself: it runs in the process of the credential. */
export interface App {
  /** The emulator that serves the credential, for what a test would do to it. */
  readonly emulator: RemoteEmulator;
  /** Gets a token to begin with. Throws when there is none. */
  prepare(): Promise<void>;
  /** The call that the scenario is about. It never throws. */
  call(call?: Call): Promise<Outcome>;
}

/** How `getToken` is called. */
export interface Call {
  /** So many at once. Default: one. */
  readonly callers?: number;
  /** On a credential of its own rather than the one that all other calls share. */
  readonly onNewCredential?: boolean;
  readonly scope?: string;
  readonly claims?: string;
  /** Aborts the call after so long; 0: before it begins. */
  readonly abortAfterInMs?: number;
}

/** What there is besides the credential: who is asked. */
export interface Stage {
  /** The variables of an app on the emulated host. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The app's user-assigned identity. */
  readonly assigned: Identity;
  /** The address of what the scenario wants beside the emulator, if anything. */
  readonly besideUrl: string;
}

/** Where to read more: an address, or a page of this repository with or without an anchor. */
export interface Link {
  readonly text: string;
  readonly to: string;
}

/** One row: a situation, the same for every credential, and what was wanted of them. */
export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  readonly question: string;
  /** What a good answer is, for whoever gives it. Absent where there is none: the row then only tells. */
  readonly wanted?: string;
  /** Whether the outcome is what is wanted. */
  meets?(outcome: Outcome): boolean;
  readonly host?: EmulatorOptions;
  /** Runs beside the emulator: a forward proxy, or the identity endpoint of a virtual machine. */
  readonly beside?: "proxy" | "imds";
  /** The variables of the process. Default: those of the emulated host. */
  env?(stage: Stage): Readonly<Record<string, string | undefined>>;
  /** The options of the credential, for the app's user-assigned identity. */
  options?(assigned: Identity): CredentialOptions;
  /** The call that counts. Default: one caller, for storage. */
  readonly call?: Call;
  /** What the endpoint does wrong. */
  readonly fault?: FaultToMeet;
  /** A call went before, and got a token: the one that counts is the second. */
  readonly second?: true;
  /** The token in memory is 12½ of its 24 hours old, and the fault comes only now. */
  readonly refreshDue?: true;
  /** What is done, where that is more than one call: the outcome that counts. */
  act?(app: App): Promise<Outcome>;
  /** The credential was never asked for anything. Otherwise it has a token of another resource, so that no time goes into loading code. */
  readonly cold?: true;
  /** What came of it, in a few words. Default: how it ended. */
  tell?(outcome: Outcome): string;
  /** Why the answers differ, or that they do not, in one line. */
  readonly explain: string;
  readonly link: Link;
  /** When a call counts as "still waiting". Default: 15 s. */
  readonly limitInMs?: number;
  /** About how long its slowest trial does nothing but wait: such trials run beside the others, the longest first. */
  readonly waitsInMs?: number;
  /** It is part of `--quick`. */
  readonly quick?: true;
}

/** The scenarios of one part of the report. */
export interface Group {
  readonly title: string;
  /** What they have in common. */
  readonly intro: string;
  readonly scenarios: readonly Scenario[];
}

/** How long a call may take unless a scenario says otherwise. */
export const limitInMs = 15_000;
