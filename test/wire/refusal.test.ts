import { describe, expect, it } from "vitest";
import { credentialFor, failureOf, playEndpoint, type Reply, storage, useNock } from "../play-endpoint.ts";

useNock();

const noRetries = { retryOptions: { maxRetries: 0 } };
const correlationId = "0d4f2a3e-1111-4222-8333-444455556666";

function ask(reply: Reply): ReturnType<typeof failureOf> {
  return failureOf(credentialFor(playEndpoint([reply]), noRetries).getToken(storage));
}

describe("the endpoint's own words are told from a body", () => {
  it.each<[what: string, body: unknown]>([
    ["in camel case", { statusCode: 400, message: "Own words.", correlationId }],
    ["in Pascal case", { StatusCode: 400, Message: "Own words.", CorrelationId: correlationId }],
    ["in capitals", { MESSAGE: "Own words.", CORRELATIONID: correlationId }],
    ["nested", { error: { code: "BadRequest", message: "Own words.", correlationId } }],
    ["nested in Pascal case", { Error: { Code: "BadRequest", Message: "Own words.", CorrelationId: correlationId } }],
    ["with the id outside", { error: { message: "Own words." }, correlationId }],
    ["as OAuth has it", { error: "invalid_request", error_description: "Own words.", correlation_id: correlationId }],
    ["with a bare error", { error: "Own words.", correlation_id: correlationId }],
  ])("%s", async (_what, body) => {
    const error = await ask({ status: 400, body });
    expect(error).toMatchObject({ code: "REJECTED", statusCode: 400, correlationId });
    expect(error.message).toContain("Own words.");
    expect(error.message).toContain(correlationId);
  });

  it.each(["x-correlation-id", "X-CORRELATION-ID", "x-ms-correlation-request-id"])(
    "with the correlation id from the header %s where the body has none",
    async (name) => {
      const error = await ask({ status: 403, headers: { [name]: correlationId } });
      expect(error).toMatchObject({ code: "UNAUTHORIZED", correlationId });
      expect(error.message).toContain(correlationId);
    },
  );
});

describe("a body without such words is not told", () => {
  it.each<[what: string, body: unknown]>([
    ["nothing", ""],
    ["plain text", "canary words"],
    ["HTML", "<html><title>canary</title></html>"],
    ["XML", "<error>canary</error>"],
    ["a string", '"canary"'],
    ["null", "null"],
    ["a list", ["canary"]],
    ["an empty object", {}],
    ["truncated JSON", '{"message":"canary'],
    ["fields nobody knows", { canary: "canary", detail: { message: "canary" } }],
    ["a message that is no text", { message: { canary: "canary" }, correlationId: ["canary"] }],
    ["an error that is null", { error: null, note: "canary" }],
    ["errors nested without end", `${'{"error":'.repeat(90_000)}{"message":"canary"}${"}".repeat(90_000)}`],
  ])("%s", async (_what, body) => {
    for (const [status, code] of [
      [400, "REJECTED"],
      [401, "UNAUTHORIZED"],
      [403, "UNAUTHORIZED"],
      [404, "REJECTED"],
      [429, "THROTTLED"],
      [500, "SERVICE_FAILED"],
      [503, "SERVICE_FAILED"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const error = await ask({ status, body });
      expect(error).toMatchObject({ code, statusCode: status });
      expect(error.message).not.toContain("canary");
      expect(error.correlationId).toBeUndefined();
    }
  });
});

describe("IDENTITY_NOT_FOUND is what 400 means with the words", () => {
  it.each([
    "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    "Unable to load requested managed identity.",
    "Unable to load the proper Managed Identity.",
    "No MSI found for specified ClientId/ResourceId.",
    "Identity not found",
  ])("%s", async (message) => {
    for (const body of [
      { statusCode: 400, message },
      { StatusCode: 400, Message: message },
      { error: "invalid_request", error_description: message },
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const error = await ask({ status: 400, body });
      expect(error).toMatchObject({ code: "IDENTITY_NOT_FOUND", statusCode: 400 });
      expect(error.message).toContain(message);
    }
  });

  it.each([
    [400, "The resource parameter is missing."],
    [400, "An unexpected error occured while fetching the AAD Token."],
    [405, "Unable to load requested managed identity."],
    [409, "No MSI found for specified ClientId/ResourceId."],
  ])("but not %i with: %s", async (status, message) => {
    expect(await ask({ status, body: { message } })).toMatchObject({ code: "REJECTED", statusCode: status });
  });
});

describe("the endpoint's words are made safe to print", () => {
  it("without control characters, line breaks and terminal escapes", async () => {
    const message = "one\r\ntwo\u0000\u001b[31mthree\u0085four\u2028five\u202esix\u200bseven\tend";
    const error = await ask({ status: 400, body: { message, correlationId: "id\u001b]0;x\u0007\n1" } });
    expect(error.message).toMatch(/one two +\[31mthree four five six seven end/);
    expect(`${error.message}${error.correlationId}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it("with at most 500 characters of them", async () => {
    const error = await ask({
      status: 400,
      body: { message: "ä".repeat(100_000), correlationId: "c".repeat(100_000) },
    });
    expect(error.message.match(/ä/g)).toHaveLength(500);
    expect(error.correlationId?.length).toBeLessThanOrEqual(501);
  });

  it("whole characters to the end of the cut", async () => {
    const error = await ask({ status: 400, body: { message: `a${"😀".repeat(400)}` } });
    expect(error.message.isWellFormed()).toBe(true);
  });
});
