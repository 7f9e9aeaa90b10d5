import { type Reply, respondJson } from "./outcome.ts";
import type { TokenIssuer } from "./tokens.ts";

/** Where the public keys are served. */
const keysPath = "/discovery/keys";

/**
 * Answers what a checker of tokens asks: the OpenID configuration and the keys it names, with or without the tenant in
 * front, as Microsoft Entra serves them. Anything else is `undefined`.
 */
export async function answerOpenId(
  path: string,
  origin: string,
  tenantId: string,
  issuer: TokenIssuer,
): Promise<Reply | undefined> {
  const prefix = `/${tenantId}`;
  const inTenant = path.toLowerCase().startsWith(`${prefix.toLowerCase()}/`);
  switch (inTenant ? path.slice(prefix.length) : path) {
    case "/.well-known/openid-configuration":
      return respondJson(200, {
        issuer: issuer.issuer,
        jwks_uri: `${origin}${keysPath}`,
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["token"],
        subject_types_supported: ["pairwise"],
      });
    case keysPath:
      return respondJson(200, await issuer.jwks());
    default:
      return undefined;
  }
}
