import { generateKeyPairSync, privateEncrypt, verify, X509Certificate } from "node:crypto";
import { startVault } from "@appservice-msi/example-keyvault-secrets/vault";
import { CertificateClient } from "@azure/keyvault-certificates";
import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import { describe, expect, it } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";
import { type Asked, type HttpsService, type Reply, startHttpsService } from "./services/https-service.ts";

const platform = usePlatform();
const vaultResource = "https://vault.azure.net";
// The challenge names vault.azure.net, and a vault on this machine is not in it.
const onThisMachine = { disableChallengeResourceVerification: true };

async function startChallengingVault(answer: (asked: Asked) => Reply): Promise<HttpsService> {
  const authorization = `https://login.microsoftonline.com/${platform.emulator.tenantId}`;
  const challenge = `Bearer authorization="${authorization}", resource="${vaultResource}"`;
  return startHttpsService(platform, { verify: await platform.verifierFor(vaultResource), challenge, answer });
}

describe("@azure/keyvault-secrets", () => {
  it("learns from the vault's challenge what to ask for, and reads secrets with one token", async () => {
    const { emulator, credential, certificate } = platform;
    await using vault = await startVault({
      ...certificate,
      secrets: { greeting: "hello" },
      tenantId: emulator.tenantId,
      jwksUri: `${emulator.url}/discovery/keys`,
      readers: [emulator.identities.systemAssigned?.objectId ?? ""],
    });
    const client = new SecretClient(vault.url, credential, onThisMachine);
    const names = (await Array.fromAsync(client.listPropertiesOfSecrets())).map(({ name }) => name);
    expect(names).toEqual(["greeting"]);
    expect((await client.getSecret("greeting")).value).toBe("hello");
    expectOnPage("@azure/keyvault-secrets", { asked: emulator.journal.list(), triedOn: "HTTPS stand-in" });
  });

  it("refuses a challenge for another place than the vault's, unless told otherwise", async () => {
    await using vault = await startChallengingVault(() => ({ body: {} }));
    const client = new SecretClient(vault.url, platform.credential);
    await expect(client.getSecret("greeting")).rejects.toThrow("does not match the requested domain");
    expect(platform.emulator.journal.list()).toEqual([]);
  });
});

describe("@azure/keyvault-keys", () => {
  it("reads a key and has the vault sign with it, with one token for both clients", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await using vault = await startChallengingVault(({ url, body }) => {
      const key = {
        kid: `${url.origin}/keys/signer/1`,
        key_ops: ["sign", "verify"],
        ...publicKey.export({ format: "jwk" }),
      };
      if (!url.pathname.endsWith("/sign")) {
        return { body: { key, attributes: { enabled: true } } };
      }
      const { value } = JSON.parse(body) as { value: string };
      const signature = privateEncrypt(privateKey, digestInfo(Buffer.from(value, "base64url"))); // by default the padding of signatures
      return { body: { kid: key.kid, value: signature.toString("base64url") } };
    });
    const key = await new KeyClient(vault.url, platform.credential, onThisMachine).getKey("signer");
    const signer = new CryptographyClient(key.id ?? "", platform.credential, onThisMachine);
    const { result } = await signer.signData("RS256", Buffer.from("hello"));

    expect(verify("sha256", Buffer.from("hello"), publicKey, result)).toBe(true);
    expect(vault.callers.map(({ aud }) => aud)).toEqual([vaultResource, vaultResource, vaultResource]);
    expectOnPage("@azure/keyvault-keys", { asked: platform.emulator.journal.list(), triedOn: "HTTPS stand-in" });
  });
});

describe("@azure/keyvault-certificates", () => {
  it("reads a certificate", async () => {
    const { raw, fingerprint } = new X509Certificate(platform.certificate.certificate);
    await using vault = await startChallengingVault(({ url }) => ({
      body: {
        id: `${url.origin}/certificates/web/1`,
        cer: raw.toString("base64"),
        x5t: Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url"),
        attributes: { enabled: true },
        policy: { id: `${url.origin}/certificates/web/policy` },
      },
    }));
    const found = await new CertificateClient(vault.url, platform.credential, onThisMachine).getCertificate("web");
    expect(new X509Certificate(found.cer ?? "").subject).toBe("CN=localhost");
    expect(vault.callers).toHaveLength(1);
    expectOnPage("@azure/keyvault-certificates", {
      asked: platform.emulator.journal.list(),
      triedOn: "HTTPS stand-in",
    });
  });
});

/** What a signature of RSASSA-PKCS1-v1_5 with SHA-256 is made over, of a digest that is there already (RFC 8017, 9.2). */
function digestInfo(digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from("3031300d060960864801650304020105000420", "hex"), digest]);
}
