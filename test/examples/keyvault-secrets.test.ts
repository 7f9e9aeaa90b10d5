import { execFile } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeLoopbackCertificate } from "@appservice-msi/example-azurite";
import { startVault, type Vault } from "@appservice-msi/example-keyvault-secrets/vault";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";

const certificate = await makeLoopbackCertificate();
let emulator: Emulator;
let vault: Vault;
let credential: AppServiceMsiCredential;

beforeAll(async () => {
  emulator = await startEmulator();
  credential = new AppServiceMsiCredential({ env: emulator.env });
  const { systemAssigned } = emulator.identities;
  vault = await startVault({
    ...certificate,
    secrets: { greeting: "hello" },
    tenantId: emulator.tenantId,
    jwksUri: `${emulator.url}/discovery/keys`,
    readers: systemAssigned ? [systemAssigned.objectId] : [],
  });
});

afterAll(async () => {
  await vault.close();
  await emulator.close();
});

/** Status, challenge and error code of a request for the secret with the given token. */
async function ask(
  token?: string,
  of: Vault = vault,
): Promise<{ status: number; challenge: string | undefined; body: unknown }> {
  const request = https.get(`${of.url}/secrets/greeting?api-version=7.6`, {
    ca: certificate.certificate,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = (await response.toArray()).join("");
  return {
    status: response.statusCode ?? 0,
    challenge: response.headers["www-authenticate"],
    body: JSON.parse(text) as unknown,
  };
}

test("the stand-in vault hands out a secret for a token of an identity that may read", async () => {
  const { token } = await credential.getToken("https://vault.azure.net/.default");

  expect(await ask(token)).toMatchObject({ status: 200, body: { value: "hello" } });
});

test("it challenges a request without a token as Key Vault does", async () => {
  expect(await ask()).toMatchObject({
    status: 401,
    challenge: `Bearer authorization="https://login.microsoftonline.com/${emulator.tenantId}", resource="https://vault.azure.net"`,
    body: { error: { code: "Unauthorized" } },
  });
});

/** A token straight from the endpoint, whether a credential would take it or not. */
async function fetchToken({ env }: Emulator): Promise<string> {
  const url = `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https://vault.azure.net`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": env.IDENTITY_HEADER ?? "" } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function fetchExpiredToken(): Promise<string> {
  emulator.faults.arm("expired-token", { times: 1 });
  return fetchToken(emulator);
}

async function fetchTokenOfAnotherIssuer(): Promise<string> {
  await using other = await startEmulator();
  return await fetchToken(other);
}

test.each([
  ["that has expired", '"exp" claim', fetchExpiredToken],
  ["that another issuer signed", "ERR_JWKS_NO_MATCHING_KEY", fetchTokenOfAnotherIssuer],
  ["for another resource", '"aud" claim', async () => (await credential.getToken("https://storage.azure.com")).token],
  [
    "with a signature that is not its own",
    "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    async () => (await credential.getToken("https://vault.azure.net")).token.replace(/[^.]+$/, "AAAA"),
  ],
  ["that is no token at all", "ERR_JWS_INVALID", async () => "nonsense"],
])("it challenges a token %s", async (_, reason, make) => {
  const { status, challenge, body } = await ask(await make());

  expect(status).toBe(401);
  expect(challenge).toContain('resource="https://vault.azure.net"');
  expect(body).toMatchObject({ error: { code: "Unauthorized", message: expect.stringContaining(reason) as string } });
});

test("it challenges a token of another tenant, though the keys are the same", async () => {
  const { systemAssigned } = emulator.identities;
  const tenantId = "22222222-2222-4222-8222-222222222222";
  await using other = await startVault({
    ...certificate,
    secrets: {},
    tenantId,
    jwksUri: `${emulator.url}/discovery/keys`,
    readers: systemAssigned ? [systemAssigned.objectId] : [],
  });

  const { status, body } = await ask(await fetchToken(emulator), other);

  expect(status).toBe(401);
  expect(body).toMatchObject({ error: { message: expect.stringContaining('"iss" claim') as string } });
});

test("it refuses a good token of an identity that may not read", async () => {
  const clientId = emulator.identities.userAssigned[0]?.clientId ?? "";
  const other = new AppServiceMsiCredential({ clientId, env: emulator.env });

  expect(await ask((await other.getToken("https://vault.azure.net")).token)).toMatchObject({
    status: 403,
    body: { error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } } },
  });
});

test("the example reads the secrets as one identity and is refused as another", async () => {
  const demo = fileURLToPath(import.meta.resolve("@appservice-msi/example-keyvault-secrets/demo"));

  const { stdout } = await promisify(execFile)(process.execPath, [demo], { timeout: 30_000 });

  expect(stdout).toContain('{"lengths":{"database-password":28,"api-key":16}}');
  expect(stdout).toContain("may not: Forbidden");
});
