import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { canarySecret as secret, CanarySearch, canaryToken as jwt, everythingIn, textOf } from "../canaries.ts";
import {
  type Act,
  connectionError,
  credentialFor,
  elapse,
  failureOf,
  inVirtualTime,
  playEndpoint,
  refusal,
  stopClocks,
  storage,
  token,
  unsupportedApiVersion,
  useNock,
  vault,
} from "../play-endpoint.ts";
import { recordTelemetry, type TelemetryRecord } from "../telemetry-record.ts";

useNock();

const echo = `IDENTITY_HEADER=${secret}; url=${encodeURIComponent(secret)}; upper=${secret.toUpperCase()}; lower=${encodeURIComponent(secret).toLowerCase()}; Authorization: Bearer ${jwt}; access_token%3D${jwt}; "${jwt}"; x${jwt}`;
const echoingHeaders = {
  "x-correlation-id": echo,
  "x-ms-correlation-request-id": echo,
  "x-ms-request-id": echo,
  "request-id": echo,
  "www-authenticate": `Bearer realm="${echo}"`,
  server: echo,
  etag: `"${secret}"`,
  "content-type": `text/plain; secret="${secret}"; token="${jwt}"`,
};

const search = new CanarySearch(secret, jwt, "opaque-CANARY");
let record: TelemetryRecord;

beforeAll(() => {
  record = recordTelemetry();
});
afterAll(() => record.stop());
beforeEach(() => void record.take());

/** Searches the texts and what was written since the last search, and gives how much that was. */
function expectNoCanary(...texts: string[]): Omit<ReturnType<TelemetryRecord["take"]>, "text"> {
  const { text, ...counts } = record.take();
  expect(search.find([...texts, text].join("\n"))).toBeUndefined();
  return counts;
}

/** A search through nothing would find nothing. */
const somethingOfEach = {
  logs: expect.toSatisfy((count: number) => count >= 5),
  spans: expect.toSatisfy((count: number) => count >= 3),
  events: expect.toSatisfy((count: number) => count >= 2),
};

const bodies: readonly [what: string, body: unknown][] = [
  ["a message", { statusCode: 400, message: echo, correlationId: echo }],
  ["a message in Pascal case", { StatusCode: 400, Message: echo, CorrelationId: echo }],
  ["a nested message", { error: { code: echo, message: echo, correlationId: echo, innerError: { message: echo } } }],
  ["an OAuth error", { error: echo, error_description: echo, correlation_id: echo }],
  ["a bare error", { error: echo }],
  ["a code", { code: echo }],
  ["a token beside the message", { message: `It was opaque-CANARY.`, access_token: "opaque-CANARY" }],
  ["a long message, cut in the secret", { message: `${"-".repeat(490)}${secret}${secret}` }],
  ["a long message, cut in the token", { message: `${"-".repeat(480)}${jwt}` }],
  ["a message with control characters", { message: `\u0000${secret}\r\n${jwt}\u001b[0m` }],
  ["plain text", echo],
  ["HTML", `<html><body>${echo}</body></html>`],
  ["a list", [echo]],
  ["a string", JSON.stringify(echo)],
  ["truncated JSON", `{"message":"${jwt}`],
];

function good(): Act {
  return token({ access_token: jwt });
}

describe("an endpoint that echoes the secret and a token gets neither into an error, a log line, a span or an event", () => {
  const noRetries = { retryOptions: { maxRetries: 0 } };

  it.each(bodies)("by a refusal with %s", async (_what, body) => {
    for (const status of [400, 403, 429, 500]) {
      const env = { IDENTITY_HEADER: secret };
      for (const headers of [echoingHeaders, {}]) {
        const endpoint = playEndpoint([{ status, body, headers }]);
        const credential = credentialFor({ env: { ...endpoint.env, ...env } }, noRetries);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const error = await failureOf(credential.getToken(storage));
        expect(error.statusCode).toBe(status);
        expect(endpoint.requests[0]?.headers["x-identity-header"]).toBe(secret);
        expect(expectNoCanary(everythingIn(error))).toMatchObject(somethingOfEach);
      }
    }
  });

  it.each<[what: string, act: Act]>([
    ["plain text", { status: 200, body: jwt, headers: echoingHeaders }],
    ["HTML", { status: 200, body: `<p>${echo}</p>`, headers: echoingHeaders }],
    ["a token as JSON text", { status: 200, body: JSON.stringify(jwt), headers: echoingHeaders }],
    ["a token without expiry", { status: 200, body: { access_token: jwt }, headers: echoingHeaders }],
    ["a token that has expired", token({ access_token: jwt, expires_on: 1 })],
    ["a token of another type", token({ access_token: jwt, token_type: echo })],
    ["a token and an expiry in words", token({ access_token: jwt, expires_on: echo })],
    ["a token that breaks off", { status: 200, body: `{"access_token":"${jwt}` }],
    ["a token of another identity", token({ access_token: jwt, client_id: "99990000-aaaa-4bbb-8ccc-333344445555" })],
    [
      "a redirect",
      { status: 302, headers: { ...echoingHeaders, location: `http://x.test/?${encodeURIComponent(secret)}` } },
    ],
    ["a body that is too large", { status: 200, body: echo.repeat(6000) }],
    ["204", { status: 204, headers: echoingHeaders }],
  ])("by an answer that is no good: %s", async (_what, act) => {
    const endpoint = playEndpoint([act]);
    const options = { ...noRetries, managedIdentityClientId: "11112222-aaaa-4bbb-8ccc-333344445555" };
    const credential = credentialFor({ env: { ...endpoint.env, IDENTITY_HEADER: secret } }, options);
    const error = await failureOf(credential.getToken(storage));
    expect(["INVALID_RESPONSE", "IDENTITY_MISMATCH"]).toContain(error.code);
    expect(expectNoCanary(everythingIn(error))).toMatchObject(somethingOfEach);
  });

  it.each<[what: string, error: Error]>([
    ["with the secret in its message", Object.assign(new Error(echo), { code: "ECONNRESET" })],
    [
      "of the kind that Node throws for a bad header",
      new TypeError(`Invalid character in header content ["${secret}"]`),
    ],
    [
      "with the request in a property",
      Object.assign(connectionError("EPIPE"), { request: { headers: { a: secret } }, note: echo }),
    ],
    [
      "with a cause",
      Object.assign(new Error("fetch failed", { cause: Object.assign(new Error(echo), { code: "EPIPE" }) })),
    ],
  ])("by a connection error %s", async (_what, failure) => {
    const httpClient = { sendRequest: () => Promise.reject(failure) };
    const env = { ...playEndpoint([]).env, IDENTITY_HEADER: secret };
    const error = await failureOf(credentialFor({ env }, { ...noRetries, httpClient }).getToken(storage));
    expect(error.code).toBe("UNREACHABLE");
    expectNoCanary(everythingIn(error));
  });

  it("through a fallback and both its answers", async () => {
    const echoed = {
      status: 400,
      body: { error: { code: "UnsupportedApiVersion", message: echo } },
      headers: echoingHeaders,
    };
    const endpoint = playEndpoint([echoed, echoed]);
    const error = await failureOf(
      credentialFor({ env: { ...endpoint.env, IDENTITY_HEADER: secret } }).getToken(storage),
    );
    expect(error.code).toBe("REJECTED");
    expect(endpoint.requests[1]?.headers["secret"]).toBe(secret);
    expectNoCanary(everythingIn(error));
  });

  it("when the time is over, with the last answer as the cause", async () => {
    stopClocks();
    const endpoint = playEndpoint([{ status: 500, body: { message: echo } }, "hang"]);
    const env = { ...endpoint.env, IDENTITY_HEADER: secret };
    const error = await inVirtualTime(failureOf(credentialFor({ env }, { timeoutInMs: 5000 }).getToken(storage)));
    expect(error.code).toBe("TIMEOUT");
    expect(error.cause).toBeInstanceOf(Error);
    expectNoCanary(everythingIn(error));
  });

  it("after a rotation, neither the old secret nor the new one", async () => {
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_HEADER"] = `NEW${secret}`;
        return refusal(401, echo);
      },
      refusal(401, `NEW${secret}`),
    ]);
    endpoint.env["IDENTITY_HEADER"] = secret;
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error.code).toBe("UNAUTHORIZED");
    expectNoCanary(everythingIn(error));
  });
});

describe("the variables themselves get into no error", () => {
  it.each<[what: string, env: Record<string, string>]>([
    ["a secret that no header may hold", { IDENTITY_HEADER: `${secret}\r\n${secret}` }],
    [
      "a secret in the old variable",
      { IDENTITY_ENDPOINT: "", MSI_ENDPOINT: "http://localhost/", MSI_SECRET: `${secret}\n.` },
    ],
    ["a password in the URL", { IDENTITY_ENDPOINT: `http://user:${encodeURIComponent(secret)}@127.0.0.1:41601/` }],
    ["a user name in the URL", { IDENTITY_ENDPOINT: `http://${encodeURIComponent(secret)}@127.0.0.1:41601/` }],
    ["the secret in place of the URL", { IDENTITY_ENDPOINT: secret, IDENTITY_HEADER: secret }],
    ["a URL of another kind", { IDENTITY_ENDPOINT: `postgres://user:${encodeURIComponent(secret)}@db/` }],
    ["half a pair", { IDENTITY_ENDPOINT: "", IDENTITY_HEADER: secret }],
  ])("%s", async (_what, env) => {
    const error = await failureOf(credentialFor({ env: { ...playEndpoint([]).env, ...env } }).getToken(storage));
    expect(["INVALID_ENDPOINT", "NOT_CONFIGURED"]).toContain(error.code);
    expectNoCanary(everythingIn(error));
  });

  it("a query of the endpoint's URL", async () => {
    const url = `http://127.0.0.1:41601/msi/token?key=CANARYsecret`;
    const endpoint = playEndpoint([refusal(401)], url);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expectNoCanary(everythingIn(error));
  });
});

describe("a token that is got stays with its caller", () => {
  it("and is in no log line, span or event, nor is the secret, through hit, refresh, fallback and claims", async () => {
    stopClocks();
    const endpoint = playEndpoint([unsupportedApiVersion(), good, good, refusal(503), good, good]);
    const credential = credentialFor({ env: { ...endpoint.env, IDENTITY_HEADER: secret } });
    expect(await inVirtualTime(credential.getToken(storage))).toMatchObject({ token: jwt });
    await credential.getToken(storage);
    await elapse(13 * 3_600_000);
    await credential.getToken(storage);
    await elapse(1000);
    await inVirtualTime(credential.getToken(vault));
    await inVirtualTime(credential.getToken(vault, { claims: '{"access_token":{}}' }));
    expect(endpoint.requests).toHaveLength(6);
    expect(expectNoCanary(textOf(credential))).toMatchObject(somethingOfEach);
  });

  it("and the secrets of requests under way at the same time are in no log line", async () => {
    const endpoint = playEndpoint([token(), token(), token()]);
    const credential = credentialFor({ env: { ...endpoint.env, IDENTITY_HEADER: secret } });
    await Promise.all(
      ["https://a.test", "https://b.test", "https://c.test"].map((scope) => credential.getToken(scope)),
    );
    expect(expectNoCanary()).toMatchObject(somethingOfEach);
  });
});
