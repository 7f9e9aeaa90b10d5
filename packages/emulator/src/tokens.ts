import { randomBytes } from "node:crypto";
import type { CryptoKey, JWK, JWTPayload } from "jose";
// By the parts: the whole of jose takes three times as long to load.
import { SignJWT } from "jose/jwt/sign";
import { exportJWK } from "jose/key/export";
import { generateKeyPair } from "jose/key/generate/keypair";
import type { Identity } from "./identities.ts";

/** A token and what is known of it without reading it. */
export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOn: number;
  /** What the token says, for people to look at. Absent when the token cannot be read. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Where tokens come from. */
export interface TokenSource {
  /**
   * Gets a token. `expiresOn` asks for another end of life than the usual one; it may lie in the past.
   *
   * @throws NoTokenError when there is none to be had.
   */
  issue(identity: Identity, resource: string, now: number, expiresOn?: number): Promise<IssuedToken>;
}

/** There is no token to be had; the message says why, and holds no secret. */
export class NoTokenError extends Error {
  override readonly name = "NoTokenError";
}

/** `nbf` lies so far back, as Microsoft Entra sets it: a checker whose clock is a little late takes the token too. */
const backDatedByInSeconds = 300;

/** An issuer of its own for one emulator: its keys are made at start, live in memory, and go with it. */
export class TokenIssuer implements TokenSource {
  #keys: ReturnType<typeof makeKeys> | undefined;
  readonly #tenantId: string;
  readonly #lifetimeInMs: number;

  constructor(tenantId: string, lifetimeInMs: number) {
    this.#tenantId = tenantId;
    this.#lifetimeInMs = lifetimeInMs;
  }

  /** Begins to make the keys: an RSA key takes up to a few hundred milliseconds, and is awaited only where it is needed. */
  prepare(): void {
    this.#takeKeys().catch(() => {});
  }

  #takeKeys(): ReturnType<typeof makeKeys> {
    this.#keys ??= makeKeys();
    return this.#keys;
  }

  /** A new token, signed with the emulator's key. */
  async issue(
    identity: Identity,
    resource: string,
    now: number,
    expiresOn: number = now + this.#lifetimeInMs,
  ): Promise<IssuedToken> {
    const { privateKey, keyId } = await this.#takeKeys();
    const claims = this.#claims(identity, resource, now, expiresOn);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: keyId, x5t: keyId })
      .sign(privateKey);
    return { token, expiresOn: Math.floor(expiresOn / 1000) * 1000, claims };
  }

  /** The public keys, for whoever wants to check a token. */
  async jwks(): Promise<{ keys: JWK[] }> {
    const { publicJwk } = await this.#takeKeys();
    return { keys: [publicJwk] };
  }

  /** The issuer's name: `iss` of every token. */
  get issuer(): string {
    return `https://sts.windows.net/${this.#tenantId}/`;
  }

  /** The claims of a v1.0 access token for an application, as Microsoft Entra fills them. */
  #claims(identity: Identity, resource: string, now: number, expiresOn: number): JWTPayload {
    const issuedAt = Math.floor(Math.min(now, expiresOn) / 1000);
    return {
      aud: resource,
      iss: this.issuer,
      iat: issuedAt - backDatedByInSeconds,
      nbf: issuedAt - backDatedByInSeconds,
      exp: Math.floor(expiresOn / 1000),
      appid: identity.clientId,
      appidacr: "2",
      idp: this.issuer,
      idtyp: "app",
      oid: identity.objectId,
      sub: identity.objectId,
      tid: this.#tenantId,
      uti: randomBytes(16).toString("base64url"),
      ver: "1.0",
      xms_mirid: identity.resourceId,
    };
  }
}

async function makeKeys(): Promise<{ privateKey: CryptoKey; publicJwk: JWK; keyId: string }> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const { n = "", e = "" } = await exportJWK(publicKey);
  const keyId = randomBytes(20).toString("base64url");
  // Named one by one, so that nothing but the public part can ever get in.
  return { privateKey, keyId, publicJwk: { kty: "RSA", n, e, use: "sig", alg: "RS256", kid: keyId, x5t: keyId } };
}
