import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { type AccessToken, isTokenCredential, type TokenCredential } from "@azure/core-auth";
import { AggregateAuthenticationError, ChainedTokenCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it } from "vitest";

const storage = "https://storage.azure.com/.default";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A credential that always has a token, and counts how often it is asked. */
function nextInChain(): TokenCredential & { readonly token: AccessToken; asked: number } {
  const next = {
    token: { token: "of the next credential", expiresOnTimestamp: Date.now() + 3_600_000 },
    asked: 0,
    getToken: () => {
      next.asked += 1;
      return Promise.resolve(next.token);
    },
  };
  return next;
}

describe("in a ChainedTokenCredential", () => {
  it("the credential gives its token on App Service, and the next is not asked", async () => {
    const next = nextInChain();
    const chain = new ChainedTokenCredential(new AppServiceMsiCredential({ env: emulator.env }), next);
    expect((await chain.getToken(storage)).token.split(".")).toHaveLength(3);
    expect(next.asked).toBe(0);
  });

  it.each<[where: string, env: Record<string, string>]>([
    ["on a desk, where no variables are set", {}],
    ["on Azure Arc", { IDENTITY_ENDPOINT: "http://localhost:40342/metadata", IMDS_ENDPOINT: "http://localhost:40342" }],
    [
      "on Service Fabric",
      { IDENTITY_ENDPOINT: "https://10.0.0.4:2377/", IDENTITY_HEADER: "s", IDENTITY_SERVER_THUMBPRINT: "AB" },
    ],
    ["in Cloud Shell", { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" }],
  ])("the chain goes on %s", async (_where, env) => {
    const next = nextInChain();
    const chain = new ChainedTokenCredential(new AppServiceMsiCredential({ env }), next);
    expect(await chain.getToken(storage)).toBe(next.token);
    expect(next.asked).toBe(1);
  });

  it.each<[what: string, make: () => AppServiceMsiCredential]>([
    ["a refused secret", () => new AppServiceMsiCredential({ env: { ...emulator.env, IDENTITY_HEADER: "wrong" } })],
    [
      "an identity that is not assigned",
      () => new AppServiceMsiCredential("dead0000-0000-4000-8000-00000000beef", { env: emulator.env }),
    ],
    [
      "a variable that is no URL",
      () => new AppServiceMsiCredential({ env: { ...emulator.env, IDENTITY_ENDPOINT: "x" } }),
    ],
    [
      "an endpoint that is not there",
      () =>
        new AppServiceMsiCredential({
          env: { IDENTITY_ENDPOINT: "http://127.0.0.1:1/", IDENTITY_HEADER: "s" },
          retryOptions: { maxRetries: 0 },
        }),
    ],
  ])("the chain stops at %s, and the failure is seen", async (_what, make) => {
    const next = nextInChain();
    const got = new ChainedTokenCredential(make(), next).getToken(storage);
    await expect(got).rejects.toMatchObject({ name: "AuthenticationError", code: expect.any(String) });
    expect(next.asked).toBe(0);
  });

  it("the chain tells of all when none has a token", async () => {
    const nowhere = new AppServiceMsiCredential({ env: {} });
    const error: unknown = await new ChainedTokenCredential(nowhere, nowhere)
      .getToken(storage)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AggregateAuthenticationError);
    expect((error as AggregateAuthenticationError).errors).toMatchObject([
      { code: "NOT_CONFIGURED" },
      { code: "NOT_CONFIGURED" },
    ]);
  });
});

describe("as a TokenCredential", () => {
  it("it is known by isTokenCredential", () => {
    expect(isTokenCredential(new AppServiceMsiCredential({ env: {} }))).toBe(true);
  });

  it("it fits the type, and gives an AccessToken that is never null", () => {
    expectTypeOf<AppServiceMsiCredential>().toExtend<TokenCredential>();
    expectTypeOf<AppServiceMsiCredential["getToken"]>().returns.resolves.toEqualTypeOf<AccessToken>();
  });
});
