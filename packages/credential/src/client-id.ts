import type { Identity } from "./identity.ts";

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The client id of the token that came, if it is another one than was asked for. The endpoint ignores a parameter it does not
 * know, and then hands out a token of the system-assigned identity with status 200.
 *
 * The answer's `client_id` says whose token it is; 2017-09-01 may leave it out, and then the token's own `appid` is looked at. The token
 * stays opaque otherwise: what cannot be read raises no doubt.
 */
export function otherClientId(identity: Identity, clientId: unknown, token: string): string | undefined {
  const actual = clientId ?? appIdOf(token);
  return identity.kind === "clientId" &&
    typeof actual === "string" &&
    guid.test(actual) &&
    actual.toLowerCase() !== identity.id.trim().toLowerCase()
    ? actual
    : undefined;
}

function appIdOf(token: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return (claims as { appid?: unknown } | null)?.appid;
  } catch {
    return undefined; // no JWT
  }
}
