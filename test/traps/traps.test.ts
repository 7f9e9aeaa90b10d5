import http from "node:http";
import { inspect } from "node:util";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { ChainedTokenCredential } from "@azure/identity";
import { describe, expect, it } from "vitest";
import {
  type Act,
  credentialFor,
  dropPending,
  elapse,
  failureOf,
  inVirtualTime,
  playEndpoint,
  refusal,
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
const systemAssigned = "99990000-aaaa-4bbb-8ccc-333344445555";
const noRetries = { retryOptions: { maxRetries: 0 } };

/** The variables of the endpoint in the way of 2017-09-01. */
function msiVariables({ env }: { env: Record<string, string | undefined> }): {
  env: Record<string, string | undefined>;
} {
  return { env: { MSI_ENDPOINT: env["IDENTITY_ENDPOINT"], MSI_SECRET: env["IDENTITY_HEADER"] } };
}

/** An endpoint ignores the name it does not know, and hands out the token of the system-assigned identity with 200. */
function heeding(name: string): Act {
  return ({ url }) => token({ client_id: new URL(url).searchParams.get(name) ?? systemAssigned });
}

function times(count: number, act: Act): Act[] {
  return Array.from({ length: count }, () => act);
}

describe("the traps of the protocol", () => {
  it("trap 1: clientid is for 2017-09-01 and client_id for 2019-08-01, and a token of another identity is refused", async () => {
    const both = playEndpoint([heeding("client_id"), heeding("clientid"), heeding("clientId")]);
    const options = { managedIdentityClientId: clientId };
    await credentialFor(both, options).getToken(storage);
    await credentialFor(msiVariables(both), options).getToken(storage);
    expect(await failureOf(credentialFor(both, options).getToken(storage))).toMatchObject({
      code: "IDENTITY_MISMATCH",
    });
  });

  it.each([
    "1908197878",
    1_908_197_878,
    "06/20/2030 14:57:58 +00:00",
    "6/20/2030 2:57:58 PM +00:00",
    "2030-06-20T14:57:58Z",
  ])("trap 2: the form of a date says nothing about the API version: %j in both", async (expires_on) => {
    stopClocks("2030-06-20T12:00:00Z");
    const endpoint = playEndpoint([token({ expires_on }), token({ expires_on })]);
    for (const variables of [endpoint, msiVariables(endpoint)]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { expiresOnTimestamp } = await credentialFor(variables).getToken(storage);
      expect(new Date(expiresOnTimestamp)).toEqual(new Date("2030-06-20T14:57:58Z"));
    }
  });

  it("trap 3: dates are read strictly: no rollover, no local time, and hour 0 with a marker is the earlier time", async () => {
    stopClocks("2030-06-20T12:00:00Z");
    const wrong = [
      "02/30/2031 01:00:00 +00:00",
      "13/01/2031 01:00:00 +00:00",
      "6/20/2031 2:57:58 PM",
      "2031-06-20T14:57:58",
    ];
    const endpoint = playEndpoint([
      ...wrong.map((expires_on) => token({ expires_on })),
      token({ expires_on: "06/21/2030 00:00:00 PM +00:00" }),
    ]);
    for (const expiresOn of wrong) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const error = await failureOf(credentialFor(endpoint).getToken(storage));
      expect(error.code, expiresOn).toBe("INVALID_RESPONSE");
    }
    const { expiresOnTimestamp } = await credentialFor(endpoint).getToken(storage);
    expect(new Date(expiresOnTimestamp)).toEqual(new Date("2030-06-21T00:00:00Z"));
  });

  it.each(["", " ", "0x71AD3B80", "1e10", "Infinity", "1908197878000", 1_908_197_878_000, null, true, []])(
    "trap 4: %j is like a number, and is no number of seconds",
    async (expires_on) => {
      const error = await failureOf(credentialFor(playEndpoint([token({ expires_on })])).getToken(storage));
      expect(error.code).toBe("INVALID_RESPONSE");
    },
  );

  it("trap 5: no token has NaN or the present for its expiry, so no consumer refreshes on every request", async () => {
    const garbage = [
      { expires_on: "garbage" },
      { expires_on: undefined },
      { expires_on: "garbage", expires_in: "garbage" },
    ];
    const endpoint = playEndpoint([...garbage.map((fields) => token(fields)), token()]);
    for (const _ of garbage) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await failureOf(credentialFor(endpoint).getToken(storage))).toMatchObject({ code: "INVALID_RESPONSE" });
    }
    const { expiresOnTimestamp, refreshAfterTimestamp } = await credentialFor(endpoint).getToken(storage);
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now());
    expect(refreshAfterTimestamp).toBeGreaterThan(Date.now());
    expect(refreshAfterTimestamp).toBeLessThanOrEqual(expiresOnTimestamp);
  });

  it("trap 6: the API version falls back on UnsupportedApiVersion alone, and takes header and parameter along", async () => {
    const endpoint = playEndpoint([
      unsupportedApiVersion(),
      token({ client_id: clientId }),
      refusal(400),
      refusal(401),
      { status: 404 },
    ]);
    await credentialFor(endpoint, { managedIdentityClientId: clientId }).getToken(storage);
    const [, second] = endpoint.requests;
    expect(second?.url).toContain(
      `api-version=2017-09-01&resource=${encodeURIComponent(storage)}&clientid=${clientId}`,
    );
    expect(second?.headers).toMatchObject({ secret });
    expect(second?.headers).not.toHaveProperty("x-identity-header");
    for (const status of [400, 401, 404]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await failureOf(credentialFor(endpoint, noRetries).getToken(storage))).toMatchObject({
        statusCode: status,
        apiVersion: "2019-08-01",
      });
    }
  });

  it.each([{ managedIdentityResourceId: "/subscriptions/s/mine" }, { managedIdentityObjectId: clientId }])(
    "trap 7: an id that cannot survive the fallback is not dropped: %j",
    async (options) => {
      const endpoint = playEndpoint([unsupportedApiVersion()]);
      expect(await failureOf(credentialFor(endpoint, options).getToken(storage))).toMatchObject({
        code: "UNSUPPORTED_IDENTITY",
      });
    },
  );

  it("trap 8: a rotated IDENTITY_HEADER is read for the very next request, and after 401 for the same one", async () => {
    const endpoint = playEndpoint([
      token(),
      () => {
        endpoint.env["IDENTITY_HEADER"] = "third";
        return { status: 401 };
      },
      token(),
    ]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    endpoint.env["IDENTITY_HEADER"] = "second";
    await credential.getToken(vault);
    expect(endpoint.requests.map(({ headers }) => headers["x-identity-header"])).toEqual([secret, "second", "third"]);
  });

  it("trap 9: a lone MSI_ENDPOINT is not Cloud Shell on Container Apps, and a thumbprint is not App Service", async () => {
    const endpoint = playEndpoint([token()]);
    await credentialFor({ env: { ...endpoint.env, MSI_ENDPOINT: endpoint.env["IDENTITY_ENDPOINT"] } }).getToken(
      storage,
    );
    expect(endpoint.requests).toMatchObject([{ method: "GET", headers: { "x-identity-header": secret } }]);
    const fabric = credentialFor({ env: { ...endpoint.env, IDENTITY_SERVER_THUMBPRINT: "AB12" } });
    expect(await failureOf(fabric.getToken(storage))).toMatchObject({ code: "NOT_CONFIGURED" });
  });

  it("trap 10: the endpoint need not be on loopback, and is plain HTTP", async () => {
    const endpoint = playEndpoint([token()], "http://172.16.5.3:8081/msi/token");
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it.each([
    "http://127.0.0.1:41601/MSI/token/",
    "http://localhost:8081/msi/token?a=b%20c&d",
    "http://localhost:12356/x",
  ])("trap 11: path, slash, case, port and query of the endpoint are kept: %s", async (url) => {
    const endpoint = playEndpoint([token()], url);
    await credentialFor(endpoint).getToken("api://an app/.default");
    const asked = new URL(endpoint.requests[0]?.url ?? "");
    const configured = new URL(url);
    expect(asked.host + asked.pathname).toBe(configured.host + configured.pathname);
    expect([...asked.searchParams]).toEqual([
      ...configured.searchParams,
      ["api-version", "2019-08-01"],
      ["resource", "api://an app"],
    ]);
  });

  it("trap 12: a chain goes on where this is another host, and stops at 400", async () => {
    const next = { getToken: () => Promise.resolve({ token: "next", expiresOnTimestamp: Date.now() + 60_000 }) };
    const elsewhere = new ChainedTokenCredential(credentialFor({ env: {} }), next);
    expect(await elsewhere.getToken(storage)).toMatchObject({ token: "next" });
    const refused = new ChainedTokenCredential(credentialFor(playEndpoint([refusal(400)])), next);
    await expect(refused.getToken(storage)).rejects.toMatchObject({ name: "AuthenticationError" });
  });

  it("trap 13: a wrong resource is 500 for good: few tries, the endpoint's words, its correlation id and a hint", async () => {
    stopClocks();
    const start = Date.now();
    const endpoint = playEndpoint(times(6, refusal(500, "An unexpected error occured while fetching the AAD Token.")));
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken("https://wrong.test")));
    expect(Date.now() - start).toBeLessThan(7000);
    expect(error).toMatchObject({ code: "SERVICE_FAILED", correlationId: "11111111-2222-3333-4444-555555555555" });
    expect(error.message).toContain("fetching the AAD Token");
    expect(error.message).toMatch(/check the resource first/);
  });

  it.each<[body: unknown]>([
    [{ message: "words", correlationId: "id-1" }],
    [{ Message: "words", CorrelationId: "id-1" }],
    [{ error: { message: "words" }, correlation_id: "id-1" }],
    [{ error: "words", correlation_id: "id-1" }],
    [{ error: "code", error_description: "words", correlation_id: "id-1" }],
  ])("trap 14: error bodies are read whatever their case and shape: %j", async (body) => {
    const error = await failureOf(credentialFor(playEndpoint([{ status: 400, body }])).getToken(storage));
    expect(error.message).toContain("words");
    expect(error.correlationId).toBe("id-1");
  });

  it("trap 15: a 200 that is cut, or whose body never comes, is tried again", async () => {
    stopClocks();
    const endpoint = playEndpoint([{ status: 200, body: '{"access_token":"eyJ0' }, "hang", token()]);
    await expect(inVirtualTime(credentialFor(endpoint).getToken(storage))).resolves.toMatchObject({
      tokenType: "Bearer",
    });
  });

  it("trap 16: a token is remembered by the resource that was asked for, not by the one in the answer", async () => {
    const endpoint = playEndpoint([token({ resource: `${storage.toUpperCase()}/` }), token({ resource: storage })]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await credential.getToken(storage);
    await credential.getToken(`${storage.toUpperCase()}/`);
    expect(endpoint.requests).toHaveLength(2);
  });

  it("trap 17: a resource with a slash and one without are two", async () => {
    const endpoint = playEndpoint([token({ access_token: "a" }), token({ access_token: "b" })]);
    const credential = credentialFor(endpoint);
    expect(await credential.getToken(`${vault}/.default`)).toMatchObject({ token: "a" });
    expect(await credential.getToken(`${vault}//.default`)).toMatchObject({ token: "b" });
    expect(endpoint.requests.map(({ url }) => new URL(url).searchParams.get("resource"))).toEqual([vault, `${vault}/`]);
  });

  it("trap 18: callers share a request, but not one another's abort", async () => {
    stopClocks();
    const endpoint = playEndpoint([refusal(503), token()]);
    const credential = credentialFor(endpoint);
    const controller = new AbortController();
    const first = credential.getToken(storage, { abortSignal: controller.signal });
    const second = credential.getToken(storage);
    await elapse(1);
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    await expect(inVirtualTime(second)).resolves.toMatchObject({ tokenType: "Bearer" });
    expect(endpoint.requests).toHaveLength(2);
  });

  it("trap 19: claims make one request, which tells nothing of them, and the same token again makes no loop", async () => {
    const endpoint = playEndpoint([token(), token(), token()]);
    const credential = credentialFor(endpoint);
    const claims = '{"access_token":{"xms_cc":{"values":["cp1"]}}}';
    await credential.getToken(storage);
    await credential.getToken(storage, { claims, enableCae: true });
    await credential.getToken(storage, { claims, enableCae: true });
    expect(new Set(endpoint.requests.map(({ url }) => url)).size).toBe(1);
    expect(endpoint.requests[2]?.url).not.toMatch(/claims|xms_cc|token_sha256_to_refresh|bypass_cache|2025/);
  });

  it("trap 20: a token with 4 minutes to live is used, and not asked for on every call", async () => {
    stopClocks();
    const expires_on = (Date.now() + 240_000) / 1000;
    const endpoint = playEndpoint(times(20, () => token({ expires_on })));
    const credential = credentialFor(endpoint);
    for (let call = 0; call < 200; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await inVirtualTime(credential.getToken(storage));
      // oxlint-disable-next-line no-await-in-loop -- there is one clock
      await elapse(1000);
    }
    expect(endpoint.requests.length).toBeLessThanOrEqual(6);
    dropPending();
  });

  it("trap 21: expires_in counts from the response, and a token that a skewed clock sees expired is not handed out", async () => {
    stopClocks("2030-06-20T12:00:00Z");
    const behind = { status: 200, body: { access_token: "a", expires_in: 3600 } };
    const endpoint = playEndpoint([behind, ...times(6, token({ expires_on: "1908187200" }))]); // noon: now
    const { expiresOnTimestamp } = await credentialFor(endpoint).getToken(storage);
    expect(expiresOnTimestamp).toBe(Date.now() + 3_600_000);
    const error = await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(error.code).toBe("INVALID_RESPONSE");
  });

  it("trap 22: a failure is not remembered: late variables and a late endpoint are normal", async () => {
    const endpoint = playEndpoint([refusal(404), refusal(400), token()]);
    const env: Record<string, string | undefined> = {};
    const credential = credentialFor({ env }, noRetries);
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ code: "NOT_CONFIGURED" });
    Object.assign(env, endpoint.env);
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ statusCode: 404 });
    expect(await failureOf(credential.getToken(storage))).toMatchObject({ statusCode: 400 });
    expect(await credential.getToken(storage)).toMatchObject({ tokenType: "Bearer" });
  });

  it("trap 23: 429 without Retry-After is tried again, 500 with it waits for it, and none waits more than 60 s", async () => {
    stopClocks();
    const endpoint = playEndpoint([
      refusal(429),
      refusal(500, "", { "retry-after": "8" }),
      refusal(503, "", { "retry-after": "999999" }),
      token(),
    ]);
    await inVirtualTime(credentialFor(endpoint, { timeoutInMs: 300_000 }).getToken(storage));
    const [first, second, third, fourth] = endpoint.requests.map(({ at }) => at) as [number, number, number, number];
    expect(second - first).toBeLessThanOrEqual(200);
    expect(third - second).toBe(8000);
    expect(fourth - third).toBe(60_000);
  });

  it("trap 24: no redirect is followed, and neither a proxy nor Node's global agent is used", async () => {
    const location = "http://127.0.0.1:41601/msi/token/elsewhere";
    const endpoint = playEndpoint([{ status: 302, headers: { location } }]);
    expect(await failureOf(credentialFor(endpoint).getToken(storage))).toMatchObject({ statusCode: 302 });
    const requests: PipelineRequest[] = [];
    const sendRequest = (request: PipelineRequest): Promise<never> => {
      requests.push(request);
      return Promise.reject(new Error("seen"));
    };
    await failureOf(credentialFor(endpoint, { ...noRetries, httpClient: { sendRequest } }).getToken(storage));
    expect(requests[0]?.proxySettings).toBeUndefined();
    expect(requests[0]?.agent).toBeInstanceOf(http.Agent);
    expect(requests[0]?.agent).not.toBe(http.globalAgent);
  });

  it.each(["CANARY\r\nx: y", "CANARY\nx", "CANARY\u0000", "CANARY€"])(
    "trap 25: a header that HTTP cannot carry is refused without being quoted: %j",
    async (header) => {
      const { env } = playEndpoint([]);
      const error = await failureOf(credentialFor({ env: { ...env, IDENTITY_HEADER: header } }).getToken(storage));
      expect(error.code).toBe("INVALID_ENDPOINT");
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("CANARY");
    },
  );

  it("trap 26: Metadata is sent, which Azure Automation and Azure ML need, and X-Forwarded-For is not", async () => {
    const endpoint = playEndpoint([token(), token()]);
    await credentialFor(endpoint).getToken(storage);
    await credentialFor(msiVariables(endpoint)).getToken(storage);
    for (const { headers } of endpoint.requests) {
      expect(headers["metadata"]).toBe("true");
      expect(Object.keys(headers)).not.toContain("x-forwarded-for");
    }
  });

  it.each([
    { not_before: "9999999999" },
    { not_before: "garbage" },
    { token_type: "bearer" },
    { token_type: "BEARER" },
  ])("trap 27: %j is no reason to refuse a token", async (fields) => {
    const endpoint = playEndpoint([token(fields)]);
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it.each(["null", "[]", '"x"', "7", "true"])(
    "trap 28: %s is JSON and no object, which crashes nothing",
    async (body) => {
      const endpoint = playEndpoint([
        { status: 200, body },
        { status: 400, body },
      ]);
      expect(await failureOf(credentialFor(endpoint).getToken(storage))).toMatchObject({ code: "INVALID_RESPONSE" });
      expect(await failureOf(credentialFor(endpoint).getToken(storage))).toMatchObject({ code: "REJECTED" });
    },
  );

  it('trap 29: AZURE_CLIENT_ID is for want of an option, "" is the system-assigned identity, and two ids are an error', async () => {
    const endpoint = playEndpoint([token(), token()]);
    const env = { ...endpoint.env, AZURE_CLIENT_ID: clientId };
    await credentialFor({ env }).getToken(storage);
    await credentialFor({ env }, { managedIdentityClientId: "" }).getToken(storage);
    expect(endpoint.requests.map(({ url }) => new URL(url).searchParams.get("client_id"))).toEqual([clientId, null]);
    const both = { managedIdentityClientId: "a", managedIdentityResourceId: "b" };
    expect(() => new AppServiceMsiCredential(both)).toThrow(/managedIdentityClientId and managedIdentityResourceId/);
  });

  it("trap 30: the caller's options stay as they are, and no state is shared between instances", async () => {
    const endpoint = playEndpoint([unsupportedApiVersion(), token(), unsupportedApiVersion(), token()]);
    const options = { env: endpoint.env, managedIdentityClientId: undefined, retryOptions: {} };
    const before = inspect(options);
    await new AppServiceMsiCredential(options).getToken(storage);
    await new AppServiceMsiCredential(options).getToken(storage);
    expect(inspect(options)).toBe(before);
    expect(endpoint.requests.map(({ url }) => new URL(url).searchParams.get("api-version"))).toEqual([
      "2019-08-01",
      "2017-09-01",
      "2019-08-01",
      "2017-09-01",
    ]);
  });
});
