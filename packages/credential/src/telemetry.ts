import { channel } from "node:diagnostics_channel";
import type { AppServiceMsiErrorCode } from "./errors.ts";
import type { Identity } from "./identity.ts";
import type { ApiVersion } from "./protocol.ts";

/** What is published on the diagnostics channel `appservice-msi:token`. It holds no secret and no token. */
export interface TokenEvent {
  /**
   * `hit`: a token from memory. `refresh`: a request for the next one begins; a `hit` of its own follows when the caller gets the one
   * from memory. `miss`: there is none, and the caller waits for a request.
   * `fallback`: the endpoint does not speak the first API version. `failure`: a request ended without a token.
   */
  readonly type: "hit" | "refresh" | "miss" | "fallback" | "failure";
  readonly resource: string;
  /** Kind and id of the identity asked for. */
  readonly identity: Identity;
  /** The API version that is asked from now on, with `fallback`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** Why the request failed, with `failure`. */
  readonly code?: AppServiceMsiErrorCode | undefined;
}

/** Costs nothing when nobody listens: ask `hasSubscribers` before making an event. */
export const tokenChannel: { readonly hasSubscribers: boolean; publish(event: TokenEvent): void } =
  channel("appservice-msi:token");
