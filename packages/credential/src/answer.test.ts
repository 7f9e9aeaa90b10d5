import { describe, expect, it } from "vitest";
import { type Answer, readAnswer } from "./answer.ts";

const now = Date.UTC(2030, 0, 1);
const secret = "00001111-secret";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body: typeof body === "string" ? body : JSON.stringify(body), header: (name) => headers[name] };
}

function read(given: Answer) {
  return readAnswer(given, { identity: { kind: "systemAssigned" }, secrets: [secret], now });
}

describe("an answer that is neither a token nor a refusal", () => {
  it.each([
    ["a redirect says where its secret would have gone: nowhere", 302, "a redirect, which is not followed"],
    [
      "an answer below 200, as only a client of the user's can hand it on, has no token",
      101,
      "answered 101 with no token",
    ],
  ])("%s", (_what, status, words) => {
    expect(read(answer(status, ""))).toMatchObject({ code: "INVALID_RESPONSE", retriable: false, statusCode: status });
    expect(read(answer(status, ""))).toHaveProperty("what", expect.stringContaining(words));
  });

  it("is described by its outside, also where it does not say of what type it is", () => {
    expect(read(answer(200, "[]"))).toHaveProperty(
      "what",
      "answered 200 with a body that is no JSON object (no content type, 2 characters)",
    );
  });
});

describe("a token", () => {
  it("is due for refresh when the endpoint says so, and expires when it says so", () => {
    const body = { access_token: "opaque", expires_on: now / 1000 + 7200, refresh_in: "3600", token_type: "bearer" };
    expect(read(answer(200, body))).toEqual({
      kind: "token",
      token: "opaque",
      expiresOnTimestamp: now + 7_200_000,
      refreshOnTimestamp: now + 3_600_000,
    });
  });

  it("lives from the time of the answer where only a duration is given", () => {
    expect(read(answer(200, { access_token: "opaque", expires_in: 60 }))).toMatchObject({
      expiresOnTimestamp: now + 60_000,
      refreshOnTimestamp: undefined,
    });
  });
});

describe("a refusal", () => {
  it("repeats the endpoint's words without the secret and without tokens that it echoes", () => {
    const body = { message: `wrong ${secret}, opaque-token`, access_token: "opaque-token", correlationId: "c-1" };
    expect(read(answer(401, body))).toMatchObject({
      code: "UNAUTHORIZED",
      endpointMessage: "wrong [redacted], [redacted]",
      correlationId: "c-1",
    });
  });

  it.each([
    [400, "No MSI found for specified ClientId/ResourceId.", "IDENTITY_NOT_FOUND"],
    [500, "No MSI found for specified ClientId/ResourceId.", "SERVICE_FAILED"],
    [400, "The resource is malformed.", "REJECTED"],
    [403, "", "UNAUTHORIZED"],
    [410, "", "REJECTED"],
    [429, "", "THROTTLED"],
    [501, "", "SERVICE_FAILED"],
  ])("of %i that says %j is %s", (status, message, code) => {
    expect(read(answer(status, { message }))).toMatchObject({ code, statusCode: status });
  });
});

describe("an answer that is no token is described by its outside", () => {
  it.each<[what: string, body: unknown]>([
    ["a JSON body that breaks off", '  {"access_token":"a"'],
    ["a body that is no JSON object", "null"],
    ["a body that is no JSON object", '{"a":1}} '],
    ["no access_token", { access_token: "", expires_in: 60 }],
    ["a token_type other than Bearer", { access_token: "a", token_type: "PoP" }],
    ["no expires_on or expires_in that is a time", { access_token: "a", expires_on: "soon" }],
    ["a token that expired at 2030-01-01T00:00:00.000Z", { access_token: "a", expires_on: now / 1000 }],
  ])("%s: %j", (what, body) => {
    const given = answer(200, body);
    expect(read(given)).toMatchObject({
      kind: "failure",
      code: "INVALID_RESPONSE",
      what: `answered 200 with ${what} (no content type, ${given.body.length} characters)`,
    });
  });

  it("and with a look at the clock where the token has expired", () => {
    expect(read(answer(200, { access_token: "a", expires_on: 1 }))).toMatchObject({
      remedy: "Check the clock of this machine, which says 2030-01-01T00:00:00.000Z.",
      retriable: true,
    });
  });
});

describe("the words of a refusal", () => {
  it.each(["access_token", "refresh_token", "id_token"])("hold no %s", (name) => {
    expect(read(answer(400, { message: "It was opaque.", [name]: "opaque" }))).toMatchObject({
      endpointMessage: "It was [redacted].",
    });
  });

  it("are its code where there is nothing else, and the error before that", () => {
    expect(read(answer(400, { code: "Odd" }))).toMatchObject({ endpointMessage: "Odd" });
    expect(read(answer(400, { error: "odd", code: "Odd" }))).toMatchObject({ endpointMessage: "odd" });
  });

  it.each([
    [3, "deep"],
    [4, undefined],
  ])("are looked for in so many errors within one another: %d", (depth, endpointMessage) => {
    const body = Array.from({ length: depth }).reduce<unknown>((error) => ({ error }), { message: "deep" });
    expect(read(answer(400, body))).toMatchObject({ endpointMessage });
  });
});

describe("a token response that breaks off", () => {
  it.each([
    ["in a name", '{"acc'],
    ["in a text", '{"access_token":"eyJ0'],
    ["in a text, at an escaped quote", '{"access_token":"a\\"'],
    ["behind a text", '{"access_token":"a"'],
    ["behind a nested object", '{"access_token":"a","extra":{"b":1}'],
    ["in a nested list", '{"access_token":"a","extra":[{}'],
  ])("%s, is worth another try", (_what, body) => {
    expect(read(answer(200, body))).toMatchObject({ code: "INVALID_RESPONSE", retriable: true });
  });

  it.each([
    ["with too many brackets", '{"access_token":"a"}}'],
    ["with a brace in a text", '{"access_token":"{[",}'],
    ["that is a list", '[{"access_token":"a"'],
  ])("is not taken for one %s", (_what, body) => {
    expect(read(answer(200, body))).toMatchObject({ code: "INVALID_RESPONSE", retriable: false });
  });
});

describe("an answer that was cut off is worth another try", () => {
  it.each([
    ["within a text that has a bracket", '{"access_token":"a}'],
    ["within a text that has a quotation mark of its own", String.raw`{"access_token":"a}\"bc`],
  ])("%s", (_where, body) => {
    expect(read(answer(200, body))).toMatchObject({ code: "INVALID_RESPONSE", retriable: true });
  });
});

describe("what to do is said", () => {
  it("of 404, which a URL without its path gets, and of no other refusal", () => {
    expect(read(answer(404, ""))).toHaveProperty("remedy", expect.stringContaining("its path included"));
    expect(read(answer(400, ""))).toHaveProperty("remedy", undefined);
  });
});
