import { describe, expect, it } from "vitest";
import {
  credentialFor,
  failureOf,
  inVirtualTime,
  playEndpoint,
  type Reply,
  stopClocks,
  storage,
  token,
  useNock,
} from "../play-endpoint.ts";

useNock();

const clientId = "11112222-aaaa-4bbb-8ccc-333344445555";
const canary = "eyJ0eXAi.canary.token";

function body(text: string, contentType = "application/json"): Reply {
  return { status: 200, body: text, headers: { "content-type": contentType } };
}

function without(field: string): Reply {
  const { [field]: _, ...rest } = token({ access_token: canary }).body as Record<string, unknown>;
  return { status: 200, body: rest };
}

describe("a complete answer that is no token response is INVALID_RESPONSE, and is not asked for again", () => {
  it.each<[what: string, reply: Reply]>([
    ["null", body("null")],
    ["a list", body("[]")],
    ["a list of a token", body(`[{"access_token":"${canary}","expires_on":"1907000000"}]`)],
    ["a string", body('"x"')],
    ["a string that is the token", body(`"${canary}"`)],
    ["a number", body("42")],
    ["true", body("true")],
    ["an empty object", body("{}")],
    ["nothing", body("")],
    ["white space", body(" \r\n")],
    ["HTML", body(`<!doctype html><p>${canary}</p>`, "text/html; charset=utf-8")],
    ["plain text", body(`token: ${canary}`, "text/plain")],
    ["XML", body(`<token>${canary}</token>`, "application/xml")],
    ["JSON with something behind it", body(`{"access_token":"${canary}","expires_on":"1907000000"}}`)],
    ["a form", body(`access_token=${canary}&expires_on=1907000000`, "application/x-www-form-urlencoded")],
    ["no access_token", without("access_token")],
    ["an empty access_token", token({ access_token: "" })],
    ["an access_token that is no string", token({ access_token: { value: canary } })],
    ["an access_token that is null", token({ access_token: null })],
    ["token_type PoP", token({ access_token: canary, token_type: "pop" })],
    ["an empty token_type", token({ access_token: canary, token_type: "" })],
    ["a token_type that is no string", token({ access_token: canary, token_type: 1 })],
    ["token_type Bearer with a space", token({ access_token: canary, token_type: "Bearer " })],
    ["no expiry", without("expires_on")],
    ["an expiry that is null", token({ access_token: canary, expires_on: null })],
    ["an expiry that is empty", token({ access_token: canary, expires_on: "" })],
    ["an expiry that is blank", token({ access_token: canary, expires_on: " " })],
    ["an expiry in words", token({ access_token: canary, expires_on: "tomorrow" })],
    ["an expiry in hexadecimal", token({ access_token: canary, expires_on: "0x71AD3B80" })],
    ["an expiry with an exponent", token({ access_token: canary, expires_on: "1.9e9" })],
    ["an expiry of Infinity", token({ access_token: canary, expires_on: "Infinity" })],
    ["an expiry of NaN", token({ access_token: canary, expires_on: "NaN" })],
    ["an expiry in milliseconds", token({ access_token: canary, expires_on: 1_907_000_000_000 })],
    ["an expiry before 1970", token({ access_token: canary, expires_on: -1 })],
    ["an expiry without an offset", token({ access_token: canary, expires_on: "6/20/2040 2:57:58 PM" })],
    ["an ISO expiry without an offset", token({ access_token: canary, expires_on: "2040-06-20T14:57:58" })],
    ["an expiry on 30 February", token({ access_token: canary, expires_on: "02/30/2040 01:00:00 +00:00" })],
    ["an expiry in a 13th month", token({ access_token: canary, expires_on: "13/01/2040 01:00:00 +00:00" })],
    ["an expiry at 13 PM", token({ access_token: canary, expires_on: "1/1/2040 13:00:00 PM +00:00" })],
    ["a list as expiry", token({ access_token: canary, expires_on: ["1907000000"] })],
    ["a negative expires_in", { ...token(), body: { access_token: canary, expires_in: -1 } }],
    ["expires_in in words", { ...token(), body: { access_token: canary, expires_in: "an hour" } }],
    ["204 and no body", { status: 204, headers: {} }],
    ["202 and words", { status: 202, body: "accepted" }],
  ])("%s", async (_what, reply) => {
    const endpoint = playEndpoint([reply]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: reply.status, name: "AuthenticationError" });
    expect(error.message).toContain(`answered ${reply.status} with `);
    expect(`${error.message} ${error.stack}`).not.toContain("canary");
  });

  it.each<[contentType: string, text: string, length: RegExp]>([
    ["text/html; charset=utf-8", "<h1>Sign in</h1>", /\b16 (characters|bytes)/],
    ["application/json", "null", /\b4 (characters|bytes)/],
    ["text/plain", "", /\b0 (characters|bytes)/],
  ])("and is told by status, content type and length: %s", async (contentType, text, length) => {
    const endpoint = playEndpoint([body(text, contentType)]);
    const { message } = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(message).toContain("200");
    expect(message).toContain(contentType);
    expect(message).toMatch(length);
    expect(message).not.toContain("Sign in");
  });

  it("a body of more than 1 MiB, which is not read to its end", async () => {
    const endpoint = playEndpoint([token({ access_token: "x".repeat(1024 * 1024) })]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE" });
    expect(error.message.length).toBeLessThan(2000);
    expect(error.message).not.toContain("xxx");
  });

  it("an error body of more than 1 MiB as well", async () => {
    const endpoint = playEndpoint([refusalOf("y".repeat(1024 * 1024))]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE" });
    expect(error.message).not.toContain("yyy");
  });
});

/** A token that says whose it is. */
function jwtOf(appid: string): string {
  return `e30.${Buffer.from(JSON.stringify({ appid })).toString("base64url")}.e30`;
}

function refusalOf(message: string): Reply {
  return { status: 400, body: { message } };
}

describe("an answer that was cut or came late is asked for again, and is INVALID_RESPONSE in the end", () => {
  it.each<[what: string, reply: () => Reply]>([
    ["JSON cut in the token", () => body(`{"access_token":"${canary}`)],
    ["JSON cut behind a comma", () => body(`{"access_token":"${canary}",`)],
    ["JSON cut behind its first character", () => body("{")],
    ["expired an hour ago", () => token({ access_token: canary, expires_on: Date.now() / 1000 - 3600 })],
    ["expired this moment", () => token({ access_token: canary, expires_on: Date.now() / 1000 })],
    ["expired in 1970", () => token({ access_token: canary, expires_on: "0" })],
    ["expired by its date", () => token({ access_token: canary, expires_on: "6/20/2019 2:57:58 AM +00:00" })],
    ["no time left by expires_in", () => ({ status: 200, body: { access_token: canary, expires_in: 0 } })],
  ])("%s", async (_what, reply) => {
    stopClocks();
    const endpoint = playEndpoint([reply, reply, reply]);
    const options = { retryOptions: { maxRetries: 2 } };
    const error = await inVirtualTime(failureOf(credentialFor(endpoint, options).getToken(storage)));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: 200 });
    expect(error.message).toContain("tried 3 times");
    expect(error.message).not.toContain("canary");
  });
});

describe("a token response is taken", () => {
  const at = Date.parse("2030-06-20T12:00:00Z");

  it.each<[what: string, fields: Record<string, unknown>, expires: string]>([
    ["epoch seconds as text", { expires_on: "1908197878" }, "2030-06-20T14:57:58Z"],
    ["epoch seconds as a number", { expires_on: 1_908_197_878 }, "2030-06-20T14:57:58Z"],
    ["epoch seconds with a fraction", { expires_on: "1908197878.5" }, "2030-06-20T14:57:58.500Z"],
    ["the Linux date", { expires_on: "06/20/2030 14:57:58 +00:00" }, "2030-06-20T14:57:58Z"],
    ["the Windows date", { expires_on: "6/20/2030 2:57:58 PM +00:00" }, "2030-06-20T14:57:58Z"],
    ["the Windows date after midnight", { expires_on: "6/21/2030 12:0:12 AM +00:00" }, "2030-06-21T00:00:12Z"],
    ["the Windows date after noon", { expires_on: "6/20/2030 12:57:58 PM +00:00" }, "2030-06-20T12:57:58Z"],
    [
      "hour 0 with a marker, the earlier reading",
      { expires_on: "06/21/2030 00:00:00 PM +00:00" },
      "2030-06-21T00:00:00Z",
    ],
    ["a date with an offset", { expires_on: "06/20/2030 14:57:58 -05:30" }, "2030-06-20T20:27:58Z"],
    ["ISO 8601", { expires_on: "2030-06-20T14:57:58Z" }, "2030-06-20T14:57:58Z"],
    ["ISO 8601 with milliseconds", { expires_on: "2030-06-20T14:57:58.000Z" }, "2030-06-20T14:57:58Z"],
    ["ISO 8601 as .NET writes it", { expires_on: "2030-06-20T14:57:58.1234567+00:00" }, "2030-06-20T14:57:58.123Z"],
    ["ISO 8601 with an offset", { expires_on: "2030-06-20T14:57:58+02:00" }, "2030-06-20T12:57:58Z"],
    ["expires_in as a number", { expires_on: undefined, expires_in: 3599 }, "2030-06-20T12:59:59Z"],
    ["expires_in as text", { expires_on: undefined, expires_in: "3599" }, "2030-06-20T12:59:59Z"],
    ["expires_in where expires_on is unusable", { expires_on: "soon", expires_in: 3599 }, "2030-06-20T12:59:59Z"],
    ["expires_on where expires_in differs", { expires_on: 1_908_197_878, expires_in: 5 }, "2030-06-20T14:57:58Z"],
  ])("with its expiry in the form: %s", async (_what, fields, expires) => {
    stopClocks(at);
    for (const variables of [
      ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"],
      ["MSI_ENDPOINT", "MSI_SECRET"],
    ] as const) {
      const endpoint = playEndpoint([token(fields)]);
      const [url, secret] = Object.values(endpoint.env);
      const env = { [variables[0]]: url, [variables[1]]: secret };
      // oxlint-disable-next-line no-await-in-loop -- there is one clock
      const got = await inVirtualTime(credentialFor({ env }).getToken(storage));
      expect(new Date(got.expiresOnTimestamp)).toEqual(new Date(expires));
    }
  });

  it("with expires_in counted from the time of the response, not of the call", async () => {
    stopClocks(at);
    const slow = playEndpoint(["hang", { status: 200, body: { access_token: "a", expires_in: 3600 } }]);
    const got = await inVirtualTime(credentialFor(slow).getToken(storage));
    expect(slow.requests[1]?.at).toBeGreaterThan(at + 10_000);
    expect(got.expiresOnTimestamp).toBe((slow.requests[1]?.at ?? 0) + 3_600_000);
  });

  it.each([["Bearer"], ["bearer"], ["BEARER"], [undefined], [null]])("with token_type %j", async (tokenType) => {
    const endpoint = playEndpoint([token({ token_type: tokenType })]);
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it.each([200, 201])("with status %i", async (status) => {
    const endpoint = playEndpoint([{ ...token(), status }]);
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it("whatever its content type, and whatever else it holds", async () => {
    const { body: fields } = token({ not_before: "2531203200", extra: [{}], resource: `${storage}/` });
    const endpoint = playEndpoint([body(` ${JSON.stringify(fields)}\r\n`, "text/plain")]);
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it("with all that Azure clients look at, and nothing more", async () => {
    stopClocks(at);
    const endpoint = playEndpoint([token({ access_token: canary })]);
    const got = await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(got).toEqual({
      token: canary,
      expiresOnTimestamp: at + 86_400_000,
      refreshAfterTimestamp: expect.any(Number),
      tokenType: "Bearer",
    });
    expect(got.refreshAfterTimestamp).toBeGreaterThan(at);
    expect(got.refreshAfterTimestamp).toBeLessThanOrEqual(at + 43_200_000);
  });

  it("of just under 1 MiB", async () => {
    const long = "x".repeat(1024 * 1024 - 500);
    const endpoint = playEndpoint([token({ access_token: long })]);
    await expect(credentialFor(endpoint).getToken(storage)).resolves.toMatchObject({ token: long });
  });
});

describe("a token of another identity", () => {
  const other = "99990000-aaaa-4bbb-8ccc-333344445555";

  it.each([{ managedIdentityClientId: clientId }, { clientId }])("is IDENTITY_MISMATCH for %j", async (options) => {
    const endpoint = playEndpoint([token({ access_token: canary, client_id: other })]);
    const error = await failureOf(credentialFor(endpoint, options).getToken(storage));
    expect(error).toMatchObject({ code: "IDENTITY_MISMATCH", name: "AuthenticationError" });
    expect(error.message).toContain(clientId);
    expect(error.message).toContain(other);
    expect(error.message).not.toContain("canary");
  });

  it.each<[what: string, clientIdInAnswer: unknown]>([
    ["the same", clientId],
    ["the same in upper case", clientId.toUpperCase()],
    ["absent", undefined],
    ["null", null],
    ["no GUID", "my-identity"],
    ["empty", ""],
  ])("is not suspected when the client id in the answer is %s", async (_what, inAnswer) => {
    const endpoint = playEndpoint([token({ client_id: inAnswer })]);
    const credential = credentialFor(endpoint, { managedIdentityClientId: clientId });
    await expect(credential.getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it("is known by the token's own appid where the answer names no client id", async () => {
    const endpoint = playEndpoint([token({ access_token: jwtOf(other) }), token({ access_token: jwtOf(clientId) })]);
    const options = { managedIdentityClientId: clientId };
    expect(await failureOf(credentialFor(endpoint, options).getToken(storage))).toMatchObject({
      code: "IDENTITY_MISMATCH",
    });
    await expect(credentialFor(endpoint, options).getToken(storage)).resolves.toMatchObject({ token: jwtOf(clientId) });
  });

  it.each([{}, { managedIdentityObjectId: clientId }, { managedIdentityResourceId: "/subscriptions/s/id" }])(
    "cannot be told by client id when the request named none: %j",
    async (options) => {
      const endpoint = playEndpoint([token({ client_id: other })]);
      await expect(credentialFor(endpoint, options).getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
    },
  );
});
