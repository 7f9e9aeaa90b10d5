import { AppServiceMsiCredential, type AppServiceMsiCredentialOptions } from "@appservice-msi/credential";
import { type Emulator, type EmulatorOptions, type HostName, startEmulator } from "@appservice-msi/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const storage = "https://storage.azure.com";
const scope = `${storage}/.default`;

/** The hosts, and the API versions in which their variables lead to a token, in the order they are asked. */
const hosts: readonly [host: HostName, asked: string[]][] = [
  ["app-service-linux", ["2019-08-01"]],
  ["app-service-windows", ["2019-08-01"]],
  ["functions-linux-consumption", ["2019-08-01", "2017-09-01"]],
  ["container-apps", ["2019-08-01"]],
  ["azure-ml", ["2017-09-01"]],
];

/** One emulator for all tests of a block, as new for each. */
function shareEmulator(options: EmulatorOptions): () => Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator(options);
  });
  beforeEach(() => emulator?.reset());
  afterAll(() => emulator?.close());
  return () => emulator as Emulator;
}

function credentialFor(emulator: Emulator, options: AppServiceMsiCredentialOptions = {}): AppServiceMsiCredential {
  return new AppServiceMsiCredential({ env: emulator.env, ...options });
}

async function claimsOf(credential: AppServiceMsiCredential): Promise<Record<string, unknown>> {
  const { token } = await credential.getToken(scope);
  return decodeJwt(token);
}

describe.each(hosts)("on the host %s", (host, asked) => {
  const running = shareEmulator({ host, tokenLifetimeInMs: 5 * 3_600_000 });

  it("the system-assigned identity gets its token", async () => {
    const emulator = running();
    const { systemAssigned } = emulator.identities;
    expect(await claimsOf(credentialFor(emulator))).toMatchObject({
      aud: storage,
      appid: systemAssigned?.clientId,
      oid: systemAssigned?.objectId,
      xms_mirid: systemAssigned?.resourceId,
    });
    expect(emulator.journal.list().map(({ apiVersion }) => apiVersion)).toEqual(asked);
  });

  it("a user-assigned identity gets its token by client id", async () => {
    const emulator = running();
    const [mine] = emulator.identities.userAssigned;
    const credential = credentialFor(emulator, { managedIdentityClientId: mine?.clientId });
    expect(await claimsOf(credential)).toMatchObject({ appid: mine?.clientId, oid: mine?.objectId });
    expect(emulator.journal.list().map(({ apiVersion }) => apiVersion)).toEqual(asked);
  });

  it("the time of expiry is read right, whatever its form", async () => {
    const emulator = running();
    const { token, expiresOnTimestamp } = await credentialFor(emulator).getToken(scope);
    expect(expiresOnTimestamp).toBe((decodeJwt(token).exp ?? 0) * 1000);
  });

  it("an identity that is not there gets nobody a token", async () => {
    const managedIdentityClientId = "deadbeef-0000-4000-8000-000000000000";
    const error = await failureOf(credentialFor(running(), { managedIdentityClientId }));
    // Over 2017-09-01 App Service answers with the token of the system-assigned identity.
    const code = host === "functions-linux-consumption" ? "IDENTITY_MISMATCH" : "IDENTITY_NOT_FOUND";
    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(managedIdentityClientId);
  });

  it("an app without a system-assigned identity is told so", async () => {
    await using emulator = await startEmulator({ host, systemAssigned: false });
    const failure =
      host === "azure-ml" ? { code: "REJECTED", statusCode: 404 } : { code: "IDENTITY_NOT_FOUND", statusCode: 400 };
    expect(await failureOf(credentialFor(emulator))).toMatchObject(failure);
  });

  it("a wrong secret is UNAUTHORIZED", async () => {
    const emulator = running();
    const env = {
      ...emulator.env,
      IDENTITY_HEADER: emulator.env.IDENTITY_HEADER && "wrong",
      MSI_SECRET: emulator.env.MSI_SECRET && "wrong",
    };
    expect(await failureOf(new AppServiceMsiCredential({ env }))).toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("a resource that is none is SERVICE_FAILED, with the hint to check it", async () => {
    const emulator = running();
    const credential = credentialFor(emulator, { retryOptions: { maxRetries: 1, retryDelayInMs: 1 } });
    const error: unknown = await credential.getToken("vault.azure.net").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "SERVICE_FAILED", statusCode: 500 });
    expect(String(error)).toMatch(/check the resource/i);
  });

  it("a rotated secret is no obstacle", async () => {
    const emulator = running();
    const credential = credentialFor(emulator);
    await credential.getToken(scope);
    emulator.rotateSecret();
    await credential.getToken("https://vault.azure.net/.default");
    expect(emulator.journal.list({ refusal: "wrong-secret" })).toEqual([]);
  });
});

async function failureOf(credential: AppServiceMsiCredential): Promise<unknown> {
  return credential.getToken(scope).then(
    () => "There was a token.",
    (reason: unknown) => reason,
  );
}

describe("by every spelling of every id", () => {
  const mine = {
    name: "mine",
    clientId: "c1111111-1111-4111-8111-111111111111",
    objectId: "c2222222-2222-4222-8222-222222222222",
    resourceId: "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine",
  };
  const several: EmulatorOptions = { userAssigned: [{ name: "another" }, mine] };
  const running = shareEmulator(several);

  it.each<[options: AppServiceMsiCredentialOptions]>([
    [{ managedIdentityClientId: mine.clientId }],
    [{ clientId: mine.clientId }],
    [{ managedIdentityResourceId: mine.resourceId }],
    [{ resourceId: mine.resourceId }],
    [{ managedIdentityObjectId: mine.objectId }],
    [{ objectId: mine.objectId }],
    [{ clientId: mine.clientId, resourceId: "", objectId: undefined }],
    [{ managedIdentityClientId: mine.clientId.toUpperCase() }],
  ])("the very identity is meant: %j", async (options) => {
    const emulator = running();
    const { appid, oid, xms_mirid: resourceId } = await claimsOf(credentialFor(emulator, options));
    expect({ appid, oid, resourceId }).toEqual({
      appid: mine.clientId,
      oid: mine.objectId,
      resourceId: mine.resourceId,
    });
  });

  it.each(["2019-08-01", "2017-09-01"] as const)(
    "the client id as the first argument is meant in %s",
    async (apiVersion) => {
      const emulator = running();
      const { env } = emulator;
      expect(await claimsOf(new AppServiceMsiCredential(mine.clientId, { env, apiVersion }))).toMatchObject({
        appid: mine.clientId,
      });
      expect(await claimsOf(new AppServiceMsiCredential("", { env, apiVersion }))).toMatchObject({
        appid: emulator.identities.systemAssigned?.clientId,
      });
    },
  );

  it("no client id as the first argument, as from a variable that is not set, leaves the options as they are", async () => {
    const { env } = running();
    const notSet: string | undefined = undefined;
    expect(await claimsOf(new AppServiceMsiCredential(notSet, { env, objectId: mine.objectId }))).toMatchObject({
      appid: mine.clientId,
    });
  });

  it.each([42, true, Symbol("id")])("%s as the first argument is a TypeError", (first) => {
    expect(() => new AppServiceMsiCredential(first as never)).toThrow(TypeError);
  });

  it("AZURE_CLIENT_ID is meant when no option names an id, and not when one is empty", async () => {
    const emulator = running();
    const env = { ...emulator.env, AZURE_CLIENT_ID: mine.clientId };
    const system = emulator.identities.systemAssigned?.clientId;
    const cases: [AppServiceMsiCredentialOptions, string | undefined][] = [
      [{}, mine.clientId],
      [{ managedIdentityClientId: undefined }, mine.clientId],
      [{ managedIdentityClientId: "" }, system],
      [{ clientId: "" }, system],
      [{ managedIdentityResourceId: "" }, system],
      [{ objectId: "" }, system],
      [{ managedIdentityObjectId: mine.objectId }, mine.clientId],
    ];
    for (const [options, appid] of cases) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await claimsOf(new AppServiceMsiCredential({ ...options, env }))).toMatchObject({ appid });
    }
  });

  it("the options are taken as they are and left as they were", async () => {
    const emulator = running();
    const options = Object.freeze({
      env: Object.freeze({ ...emulator.env }),
      managedIdentityClientId: mine.clientId,
      retryOptions: Object.freeze({}),
      loggingOptions: Object.freeze({ additionalAllowedHeaderNames: Object.freeze([]) as never }),
      userAgentOptions: Object.freeze({ userAgentPrefix: "app" }),
      additionalPolicies: Object.freeze([]),
    });
    const before = JSON.stringify(options);
    expect(await claimsOf(new AppServiceMsiCredential(options))).toMatchObject({ appid: mine.clientId });
    expect(JSON.stringify(options)).toBe(before);
  });

  it.each([{ managedIdentityResourceId: mine.resourceId }, { managedIdentityObjectId: mine.objectId }])(
    "an id that only 2019-08-01 carries is UNSUPPORTED_IDENTITY where that is not spoken: %j",
    async (options) => {
      await using emulator = await startEmulator({ ...several, host: "functions-linux-consumption" });
      expect(await failureOf(credentialFor(emulator, options))).toMatchObject({ code: "UNSUPPORTED_IDENTITY" });
      expect(emulator.journal.list()).toHaveLength(1);
    },
  );
});
