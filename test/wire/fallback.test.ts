import { describe, expect, it, vi } from "vitest";
import {
  type Act,
  connectionError,
  credentialFor,
  failureOf,
  inVirtualTime,
  type PlayedEndpoint,
  playEndpoint,
  refusal,
  type Reply,
  secret,
  stopClocks,
  storage,
  token,
  unsupportedApiVersion,
  useNock,
  vault,
} from "../play-endpoint.ts";

useNock();

const clientId = "11112222-aaaa-4bbb-8ccc-333344445555";

function msiEnv(endpoint: PlayedEndpoint): { env: Record<string, string | undefined> } {
  return { env: { MSI_ENDPOINT: endpoint.env["IDENTITY_ENDPOINT"], MSI_SECRET: secret } };
}

function versionsAsked(endpoint: PlayedEndpoint): (string | null)[] {
  return endpoint.requests.map(({ url }) => new URL(url).searchParams.get("api-version"));
}

describe("when the other API version fails in its turn, the error tells both answers:", () => {
  it.each<[what: string, code: string, acts: readonly Act[], timeoutInMs: number]>([
    ["it hangs", "TIMEOUT", ["hang"], 900],
    ["it asks for more patience than there is", "THROTTLED", [refusal(429, "Later.", { "retry-after": "50" })], 900],
    ["it fails until a pause is too long", "SERVICE_FAILED", [refusal(500), refusal(500)], 300],
    ["it refuses", "UNAUTHORIZED", [refusal(403)], 900],
  ])("%s", async (_what, code, acts, timeoutInMs) => {
    stopClocks();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const endpoint = playEndpoint([unsupportedApiVersion(), ...acts]);
    const got = failureOf(credentialFor(endpoint, { timeoutInMs }).getToken(storage));
    const error = await inVirtualTime(got);
    expect(error).toMatchObject({ code, apiVersion: "2017-09-01" });
    expect(error.message).toContain("Before that, API version 2019-08-01 was answered 400");
    expect(error.message).not.toContain("Leave apiVersion");
    let root: unknown = error;
    while (root instanceof Error && root.cause !== undefined) {
      root = root.cause;
    }
    expect(root).toMatchObject({ code: "REJECTED", apiVersion: "2019-08-01", statusCode: 400 });
  });
});

describe("when the endpoint does not speak the API version", () => {
  it("the credential asks in 2017-09-01, and version, header and parameter change together", async () => {
    const endpoint = playEndpoint([unsupportedApiVersion(), token({ client_id: clientId })]);
    await credentialFor(endpoint, { managedIdentityClientId: clientId }).getToken(storage);
    const [first, second] = endpoint.requests;
    const resource = encodeURIComponent(storage);
    expect(first?.url).toMatch(`?api-version=2019-08-01&resource=${resource}&client_id=${clientId}`);
    expect(second?.url).toMatch(`?api-version=2017-09-01&resource=${resource}&clientid=${clientId}`);
    expect(second?.url).not.toContain("client_id");
    expect(first?.headers).toMatchObject({ "x-identity-header": secret });
    expect(second?.headers).toMatchObject({ secret });
    expect(second?.headers).not.toHaveProperty("x-identity-header");
  });

  it("the credential asks in 2019-08-01 where 2017-09-01 was first, and all three change back", async () => {
    const endpoint = playEndpoint([unsupportedApiVersion("2017-09-01"), token({ client_id: clientId })]);
    await credentialFor(msiEnv(endpoint), { managedIdentityClientId: clientId }).getToken(storage);
    const [first, second] = endpoint.requests;
    expect(first?.url).toContain(`api-version=2017-09-01`);
    expect(first?.url).toContain(`&clientid=${clientId}`);
    expect(second?.url).toContain(`api-version=2019-08-01`);
    expect(second?.url).toContain(`&client_id=${clientId}`);
    expect(second?.url).not.toContain("clientid");
    expect(second?.headers).toMatchObject({ "x-identity-header": secret });
    expect(second?.headers).not.toHaveProperty("secret");
  });

  it.each<[what: string, body: unknown]>([
    ["nested, as seen in the field", { error: { code: "UnsupportedApiVersion", message: "no", innerError: null } }],
    ["nested, lower case", { error: { code: "unsupportedapiversion" } }],
    ["nested, Pascal case", { Error: { Code: "UNSUPPORTEDAPIVERSION" } }],
    ["not nested", { code: "UnsupportedApiVersion" }],
    ["not nested, Pascal case", { StatusCode: 400, Code: "UnsupportedApiVersion", Message: "no" }],
    ["as a plain error", { error: "UnsupportedApiVersion", error_description: "no" }],
  ])("its error code is understood %s", async (_what, body) => {
    const endpoint = playEndpoint([{ status: 400, body }, token()]);
    await credentialFor(endpoint).getToken(storage);
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01"]);
  });

  it.each([
    ["2017-09-01", (endpoint: PlayedEndpoint) => endpoint],
    ["2019-08-01", msiEnv],
  ])("it is asked in %s from then on", async (version, variables) => {
    const endpoint = playEndpoint([unsupportedApiVersion(), token(), token(), token()]);
    const credential = credentialFor(variables(endpoint));
    await credential.getToken(storage);
    await credential.getToken(vault);
    credential.clearCache();
    await credential.getToken(storage);
    expect(versionsAsked(endpoint).slice(1)).toEqual([version, version, version]);
  });

  it("another endpoint in the same variables is asked anew, and so is the same one by another credential", async () => {
    const old = playEndpoint([unsupportedApiVersion(), token(), unsupportedApiVersion(), token()]);
    const current = playEndpoint([token()], "http://127.0.0.1:5555/msi/token");
    const env = { ...old.env };
    const credential = credentialFor({ env });
    await credential.getToken(storage);
    await credentialFor(old).getToken(storage);
    Object.assign(env, current.env);
    await credential.getToken(vault);
    expect(versionsAsked(old)).toEqual(["2019-08-01", "2017-09-01", "2019-08-01", "2017-09-01"]);
    expect(versionsAsked(current)).toEqual(["2019-08-01"]);
  });

  it("an endpoint that changes its mind is followed back", async () => {
    const endpoint = playEndpoint([
      unsupportedApiVersion(),
      token(),
      unsupportedApiVersion("2017-09-01"),
      token(),
      token(),
    ]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await credential.getToken(vault);
    await credential.getToken("https://third.test");
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01", "2017-09-01", "2019-08-01", "2019-08-01"]);
  });

  it("a passing fault in the other version is retried there", async () => {
    stopClocks();
    const endpoint = playEndpoint([unsupportedApiVersion(), refusal(503), connectionError("ECONNRESET"), token()]);
    await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01", "2017-09-01", "2017-09-01"]);
  });

  it("the other version is remembered even when it refuses for another reason", async () => {
    const endpoint = playEndpoint([unsupportedApiVersion(), refusal(400), token()]);
    const credential = credentialFor(endpoint);
    await failureOf(credential.getToken(storage));
    await credential.getToken(storage);
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01", "2017-09-01"]);
  });
});

describe("the credential stays with the API version", () => {
  const code = { error: { code: "UnsupportedApiVersion" } };

  it.each<[what: string, reply: Reply]>([
    [
      "400 with another code",
      { status: 400, body: { error: { code: "BadRequest", message: "UnsupportedApiVersion?" } } },
    ],
    ["400 that only talks of it", refusal(400, "UnsupportedApiVersion: does not support the API version '2019-08-01'")],
    ["400 for an unknown identity", refusal(400, "No User Assigned or Delegated Managed Identity found")],
    ["400 with an empty body", { status: 400 }],
    ["400 with plain text", { status: 400, body: "UnsupportedApiVersion" }],
    ["400 with a list", { status: 400, body: [code] }],
    ["400 with the code where nobody looks", { status: 400, body: { details: code } }],
    ["401", { status: 401, body: code }],
    ["403", { status: 403, body: code }],
    ["405", { status: 405, body: code }],
    ["410", { status: 410, body: code }],
    ["415", { status: 415, body: code }],
    ["501", { status: 501, body: code }],
  ])("after %s", async (_what, reply) => {
    const endpoint = playEndpoint([reply, reply]);
    await failureOf(credentialFor(endpoint).getToken(storage));
    await failureOf(credentialFor(msiEnv(endpoint)).getToken(storage));
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01"]);
  });

  it("after 404 with that very code, to the last retry", async () => {
    stopClocks();
    const endpoint = playEndpoint([1, 2, 3, 4].map(() => ({ status: 404, body: code })));
    await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(new Set(versionsAsked(endpoint))).toEqual(new Set(["2019-08-01"]));
  });

  it.each<["2019-08-01" | "2017-09-01"]>([["2019-08-01"], ["2017-09-01"]])(
    "%s that was asked for by option",
    async (apiVersion) => {
      const endpoint = playEndpoint([unsupportedApiVersion(apiVersion)]);
      const error = await failureOf(credentialFor(endpoint, { apiVersion }).getToken(storage));
      expect(error).toMatchObject({ code: "REJECTED", statusCode: 400, apiVersion });
    },
  );
});

describe("when both API versions fail, the error tells both answers", () => {
  it("if neither is spoken, after one request in each", async () => {
    const endpoint = playEndpoint([unsupportedApiVersion("2019-08-01"), unsupportedApiVersion("2017-09-01")]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "REJECTED", statusCode: 400, apiVersion: "2017-09-01" });
    expect(error.message).toContain("does not support the API version '2019-08-01'");
    expect(error.message).toContain("does not support the API version '2017-09-01'");
    expect(versionsAsked(endpoint)).toEqual(["2019-08-01", "2017-09-01"]);
  });

  it.each<[reply: Reply, code: string]>([
    [refusal(401, "Second words."), "UNAUTHORIZED"],
    [refusal(400, "No MSI found for specified ClientId/ResourceId. Second words."), "IDENTITY_NOT_FOUND"],
    [refusal(405, "Second words."), "REJECTED"],
    [refusal(501, "Second words."), "SERVICE_FAILED"],
  ])("if the other one answers %j", async (reply, code) => {
    const endpoint = playEndpoint([unsupportedApiVersion(), reply]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code, statusCode: reply.status, apiVersion: "2017-09-01" });
    expect(error.message).toContain("Second words.");
    expect(error.message).toContain("2019-08-01");
    expect(error.message).toContain("does not support the API version '2019-08-01'");
    expect(error.message).toContain("tried 2 times");
  });

  it("if the other one cannot be reached any more", async () => {
    stopClocks();
    const broken = connectionError("ECONNREFUSED");
    const endpoint = playEndpoint([unsupportedApiVersion(), broken, broken]);
    const options = { retryOptions: { maxRetries: 1 } };
    const error = await inVirtualTime(failureOf(credentialFor(endpoint, options).getToken(storage)));
    expect(error).toMatchObject({ code: "UNREACHABLE", apiVersion: "2017-09-01" });
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.message).toContain("does not support the API version '2019-08-01'");
  });
});

describe("an identity that 2017-09-01 cannot carry is never dropped", () => {
  const ids = [
    [
      "resource id",
      { managedIdentityResourceId: "/subscriptions/s/the-resource-id" },
      "/subscriptions/s/the-resource-id",
    ],
    ["object id", { managedIdentityObjectId: clientId }, clientId],
  ] as const;

  it.each(ids)("a %s fails before any request where 2017-09-01 is first", async (kind, options, id) => {
    const endpoint = playEndpoint([]);
    const error = await failureOf(credentialFor(msiEnv(endpoint), options).getToken(storage));
    expect(error).toMatchObject({ code: "UNSUPPORTED_IDENTITY", apiVersion: "2017-09-01" });
    expect(error.message).toContain(`${kind} ${id}`);
    expect(error.message).toContain("MSI_ENDPOINT");
    expect(error.message).toContain("127.0.0.1:41601");
  });

  it.each(ids)("a %s fails before any request where 2017-09-01 is set by option", async (_kind, options) => {
    const endpoint = playEndpoint([]);
    const credential = credentialFor(endpoint, { ...options, apiVersion: "2017-09-01" });
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ code: "UNSUPPORTED_IDENTITY" });
  });

  it.each(ids)("a %s is not asked for again once 2019-08-01 is not spoken", async (kind, options, id) => {
    const endpoint = playEndpoint([unsupportedApiVersion()]);
    const error = await failureOf(credentialFor(endpoint, options).getToken(storage));
    expect(error).toMatchObject({ code: "UNSUPPORTED_IDENTITY", apiVersion: "2017-09-01", statusCode: 400 });
    expect(error.message).toContain(`${kind} ${id}`);
    expect(error.message).toContain("does not support the API version '2019-08-01'");
  });
});
