import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { stranger } from "./identities.ts";
import { TokenIssuer } from "./tokens.ts";

const tenantId = "22222222-2222-4222-8222-222222222222";
const now = Date.UTC(2030, 5, 20, 12);

describe("a token", () => {
  it("has the claims of a v1.0 access token for an application", async () => {
    const { claims, expiresOn } = await new TokenIssuer(tenantId, 3_600_000).issue(stranger, "https://a.example", now);
    expect(expiresOn).toBe(now + 3_600_000);
    expect(claims).toEqual({
      aud: "https://a.example",
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now / 1000 - 300,
      nbf: now / 1000 - 300,
      exp: now / 1000 + 3600,
      appid: stranger.clientId,
      appidacr: "2",
      idp: `https://sts.windows.net/${tenantId}/`,
      idtyp: "app",
      oid: stranger.objectId,
      sub: stranger.objectId,
      tid: tenantId,
      uti: expect.any(String),
      ver: "1.0",
      xms_mirid: stranger.resourceId,
    });
  });

  it("is signed with RS256 by the key that the JWKS holds", async () => {
    const issuer = new TokenIssuer(tenantId, 3_600_000);
    const jwks = await issuer.jwks();
    const { token, claims } = await issuer.issue(stranger, "https://a.example", now);
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { currentDate: new Date(now) });
    expect(payload).toEqual(claims);
    expect(decodeProtectedHeader(token)).toEqual({
      typ: "JWT",
      alg: "RS256",
      kid: jwks.keys[0]?.kid,
      x5t: jwks.keys[0]?.kid,
    });
  });

  it("may have expired already, and was valid before that", async () => {
    const { claims } = await new TokenIssuer(tenantId, 1000).issue(stranger, "https://a.example", now, now - 5000);
    expect(claims?.["exp"]).toBe(now / 1000 - 5);
    expect(claims?.["nbf"]).toBeLessThan(now / 1000 - 5);
  });
});

describe("the JWKS", () => {
  it("holds the public part and nothing else", async () => {
    const { keys } = await new TokenIssuer(tenantId, 1000).jwks();
    expect(keys.map((key) => Object.keys(key))).toEqual([["kty", "n", "e", "use", "alg", "kid", "x5t"]]);
  });

  it("is another one for every emulator", async () => {
    const [one, two] = await Promise.all([new TokenIssuer(tenantId, 1).jwks(), new TokenIssuer(tenantId, 1).jwks()]);
    expect(one.keys[0]?.n).not.toBe(two.keys[0]?.n);
  });
});
