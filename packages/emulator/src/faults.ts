import type { ExpiresOnForm } from "./expires-on.ts";
import type { RefusalName } from "./hosts.ts";
import type { Outcome, Reply } from "./outcome.ts";
import type { ApiVersion } from "./protocols.ts";
import type { Ask } from "./token-request.ts";

/** The `Retry-After` header of a status fault; without it there is none. */
export interface RetryAfter {
  readonly retryAfterInSeconds?: number;
}

/** What can be set on each fault, besides for whom and how long it is armed. */
export interface FaultParameters {
  status: RetryAfter & { readonly status: number };
  "status-404": RetryAfter;
  "status-429": RetryAfter;
  "status-500": RetryAfter;
  "status-502": RetryAfter;
  "status-503": RetryAfter;
  "status-504": RetryAfter;
  outage: object;
  "not-listening": object;
  "slow-headers": { readonly delayInMs: number };
  "slow-body": { readonly durationInMs: number };
  hang: object;
  reset: object;
  "truncated-body": object;
  html: object;
  empty: object;
  "malformed-json": object;
  null: object;
  "missing-token": object;
  "not-bearer": object;
  "expired-token": { readonly agoInMs: number };
  "short-token": { readonly lifetimeInMs: number };
  "missing-expiry": object;
  "odd-expiry": { readonly form: ExpiresOnForm | "garbage" };
  "wrong-identity": object;
  "unsupported-api-version": { readonly apiVersion: ApiVersion };
  "secret-rotated": object;
}

/** The name of a fault. */
export type FaultName = keyof FaultParameters;

/** A parameter of a fault. */
export interface FaultParameter {
  readonly summary: string;
  readonly type: "number" | "text";
  /** Absent where the parameter may stay unset. */
  readonly default?: number | string;
  readonly lowest?: number;
  readonly highest?: number;
  /** The only texts allowed. */
  readonly choices?: readonly string[];
}

/** What a fault does, stage by stage; most do one thing. */
interface FaultEffect<Values> {
  /** Nothing listens on the port while it is armed. */
  readonly silences?: true;
  /** Whether it touches such a request at all. Default: any. */
  touches?(ask: Ask, values: Values): boolean;
  /** The secret is changed before the request is looked at. */
  readonly rotatesSecret?: true;
  /** The request is refused, in the host's own words. */
  readonly refusal?: RefusalName;
  /** This comes instead of an answer. `error` writes the host's error reply with a status. */
  instead?(values: Values, error: (status: number, headers?: Reply["headers"]) => Reply): Outcome;
  /** The token is of another identity than asked for. */
  readonly otherIdentity?: true;
  /** When the token expires. */
  expiresOn?(values: Values, now: number): number;
  /** What becomes of the properties of the answer with the token. */
  body?(body: Readonly<Record<string, unknown>>, values: Values, expiresOn: number): unknown;
  /** What becomes of the answer with the token. */
  reply?(reply: Reply): Reply;
  /** How the answer comes, whichever it is. */
  delivery?(reply: Reply, values: Values): Outcome;
}

/** One fault: what it is, what can be set on it, and what it does. */
export interface Fault<Values = object> {
  readonly summary: string;
  /** What a good client does about it. */
  readonly advice: string;
  readonly parameters: { readonly [Name in keyof Values]-?: FaultParameter };
  /** How long it stays armed unless told otherwise. Default: until it is cleared. */
  readonly usuallyForInMs?: number;
  readonly effect: FaultEffect<Values>;
}
