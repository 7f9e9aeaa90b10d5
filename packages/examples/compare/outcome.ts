/** A request that left the process while a call was under way. */
export interface SentRequest {
  /** Since the call began. */
  readonly atInMs: number;
  readonly method: string;
  /** Where it went: host and port. */
  readonly to: string;
  readonly path: string;
  /** Names of the headers, without their values. */
  readonly headers: readonly string[];
}

/** What is known of a token without its text. */
export interface ReceivedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** From its arrival to `expiresOnTimestamp`. */
  readonly lifeInMs: number;
  /** From its arrival to `refreshAfterTimestamp`, if there is one. */
  readonly refreshInMs?: number;
}

/** A rejection, as a caller sees it. */
export interface ReceivedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/**
 * How a call ended: `waiting` is one that had not ended when the scenario's limit was over, `lacking` one that could not be made,
 * because the credential has no such option.
 */
export type Ending = "token" | "error" | "waiting" | "lacking";

/** What came of the call that a scenario is about. */
export interface Outcome {
  readonly ended: Ending;
  readonly durationInMs: number;
  readonly requestCount: number;
  /** The first of them. */
  readonly requests: readonly SentRequest[];
  readonly token?: ReceivedToken;
  readonly error?: ReceivedError;
  /** How often a proxy was asked that ran beside, and whether the secret was in what it saw. */
  readonly proxy?: { readonly requestCount: number; readonly sawSecret: boolean };
  /** Further figures of a scenario's own. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** What the error is called: its code where it has one, else its class. */
export function nameOf({ error }: Outcome): string {
  return error?.code ?? error?.name ?? "error";
}
