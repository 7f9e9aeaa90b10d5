import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { abortError } from "./abort.ts";
import { AppServiceMsiError, type AppServiceMsiErrorCode } from "./errors.ts";

const stopping: AppServiceMsiErrorCode[] = [
  "INVALID_ENDPOINT",
  "INVALID_SCOPE",
  "UNSUPPORTED_IDENTITY",
  "IDENTITY_MISMATCH",
  "IDENTITY_NOT_FOUND",
  "UNAUTHORIZED",
  "REJECTED",
  "THROTTLED",
  "SERVICE_FAILED",
  "UNREACHABLE",
  "TIMEOUT",
  "INVALID_RESPONSE",
];

describe("the credential's error", () => {
  it("trap: lets a chain go on by its name where there is no endpoint", () => {
    expect(new AppServiceMsiError("NOT_CONFIGURED", "none").name).toBe("CredentialUnavailableError");
  });

  it.each(stopping)("trap: stops a chain by its name with %s", (code) => {
    expect(new AppServiceMsiError(code, "failed").name).toBe("AuthenticationError");
  });

  it("is an Error with code, message and stack", () => {
    const error = new AppServiceMsiError("REJECTED", "refused");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: "REJECTED", message: "refused" });
    expect(error.stack).toContain("errors.test.ts");
  });

  it("has what is known and nothing of what is not", () => {
    const known = { statusCode: 400, apiVersion: "2019-08-01", correlationId: undefined } as const;
    const error = new AppServiceMsiError("REJECTED", "refused", known);
    expect(Object.keys(error).toSorted()).toEqual(["apiVersion", "code", "name", "statusCode"]);
    expect(error).not.toHaveProperty("cause");
  });

  it("keeps what it was told: the details cannot be overwritten", () => {
    const error = new AppServiceMsiError("THROTTLED", "wait", { retryAfterInMs: 0, correlationId: "c-1" });
    expect(error).toMatchObject({ retryAfterInMs: 0, correlationId: "c-1" });
    expect(() => Object.assign(error, { correlationId: "c-2" })).toThrow(TypeError);
  });

  it("has the failure underneath as its cause, which is shown and not listed", () => {
    const cause = new Error("reset");
    const error = new AppServiceMsiError("UNREACHABLE", "gone", { cause });
    expect(error.cause).toBe(cause);
    expect(inspect(error)).toContain("reset");
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name: "AuthenticationError", code: "UNREACHABLE" });
  });
});

describe("the error of an aborted call", () => {
  it("is called AbortError, and has the signal's reason as its cause", () => {
    const reason = new Error("shutting down");
    const error = abortError(AbortSignal.abort(reason));
    expect(error).toMatchObject({ name: "AbortError", cause: reason });
    expect(error.message).toContain("abortSignal");
  });

  it("has no cause where the signal is older than reasons", () => {
    const old = { aborted: true, addEventListener: () => {}, removeEventListener: () => {} };
    expect(abortError(old)).toMatchObject({ name: "AbortError", cause: undefined });
  });
});
