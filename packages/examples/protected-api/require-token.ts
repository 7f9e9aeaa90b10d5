// A middleware for node:http that lets managed identities in. It works with no framework, and in any that has (request, response).
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";

/** Says whose token it is, or throws `errors.JOSEError` when the token does not hold. */
export type VerifyToken = (token: string) => Promise<JWTPayload>;

/** Answers a request of a caller whose token holds. */
export type Handler = (request: IncomingMessage, response: ServerResponse, caller: JWTPayload) => void | Promise<void>;

/** Whose tokens, and for whom. */
export interface TokenRules {
  /** The issuer's `/.well-known/openid-configuration`; for a managed identity's v1.0 tokens, the one without `/v2.0`. */
  readonly configurationUrl: string;
  /** The resource that callers ask a token for: this API's own name. */
  readonly audience: string | string[];
}

/** When the keys cannot be had, the token may be as good as any: that is no fault of the caller's. */
const issuerFailed = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code];

/** Reads the issuer's configuration once. Its keys are read when the first token comes, and again when a token names another. */
export async function createTokenVerifier({ configurationUrl, audience }: TokenRules): Promise<VerifyToken> {
  const response = await fetch(configurationUrl);
  if (!response.ok) {
    throw new Error(`${configurationUrl} answered ${response.status}: it is no OpenID configuration.`);
  }
  const { issuer, jwks_uri: keysUrl } = (await response.json()) as { issuer: string; jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(keysUrl));
  return async (token) => (await jwtVerify(token, keys, { issuer, audience, algorithms: ["RS256"] })).payload;
}

/** Calls the handler for requests with a token that holds, and answers 401 to all others. */
export function requireToken(verify: VerifyToken, handler: Handler) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = /^Bearer (?<token>\S+)$/i.exec(request.headers.authorization ?? "")?.groups?.["token"];
    if (token === undefined) {
      refuse(response, "Bearer");
      return;
    }
    let caller: JWTPayload;
    try {
      caller = await verify(token);
    } catch (error) {
      if (error instanceof errors.JOSEError && !issuerFailed.includes(error.code)) {
        refuse(response, `Bearer error="invalid_token", error_description="${error.code}"`);
      } else {
        response.writeHead(503).end();
      }
      return;
    }
    await handler(request, response, caller);
  };
}

function refuse(response: ServerResponse, challenge: string): void {
  response.writeHead(401, { "WWW-Authenticate": challenge }).end();
}
