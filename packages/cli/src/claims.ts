import { decodeJwt } from "jose/jwt/decode";

/** What a token says of itself. Times are in milliseconds since 1970. */
export interface TokenClaims {
  readonly objectId: string | undefined;
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  /** The Azure resource whose identity it is: `xms_mirid`. */
  readonly resourceId: string | undefined;
  readonly audience: string | undefined;
  readonly issuedOn: number | undefined;
  readonly expiresOn: number | undefined;
  /** All of them, as they stand in the token. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** Reads the claims of a token without verifying anything. `undefined` when it is no JWT: tokens may be opaque. */
export function readClaims(token: string): TokenClaims | undefined {
  const all = decode(token);
  if (all === undefined) {
    return undefined;
  }
  const text = (name: string): string | undefined => (typeof all[name] === "string" ? all[name] : undefined);
  const time = (name: string): number | undefined => {
    const seconds = all[name];
    return typeof seconds === "number" && Number.isSafeInteger(seconds * 1000) ? seconds * 1000 : undefined;
  };
  return {
    objectId: text("oid"),
    clientId: text("appid") ?? text("azp"),
    tenantId: text("tid"),
    resourceId: text("xms_mirid"),
    audience: text("aud"),
    issuedOn: time("iat"),
    expiresOn: time("exp"),
    all,
  };
}

/** Whether the identity belongs to one app, or stands by itself and is assigned to apps. */
export function kindOfIdentity({ resourceId }: TokenClaims): "system-assigned" | "user-assigned" | undefined {
  if (resourceId === undefined) {
    return undefined;
  }
  return /\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\//i.test(resourceId)
    ? "user-assigned"
    : "system-assigned";
}

function decode(token: string): Record<string, unknown> | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined; // the caller says what that means
  }
}
