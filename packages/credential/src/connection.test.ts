import { describe, expect, it } from "vitest";
import { attemptTimedOut, bodyTooLarge, readConnectionError } from "./connection.ts";

function errorWith(code: string | undefined, message = "connect failed"): Error & { code?: string | undefined } {
  return Object.assign(new Error(message), { code });
}

describe("a connection that failed", () => {
  it.each<[code: string | undefined, what: string]>([
    ["ECONNREFUSED", "could not be reached: nothing listens there (ECONNREFUSED)"],
    ["ECONNRESET", "closed the connection without an answer (ECONNRESET)"],
    ["ENOTFOUND", "could not be reached: its host name is unknown (ENOTFOUND)"],
    ["EAI_AGAIN", "could not be reached: its host name cannot be looked up at the moment (EAI_AGAIN)"],
    ["ETIMEDOUT", "could not be reached: connect failed (ETIMEDOUT)"],
    ["EPIPE", "could not be reached: connect failed (EPIPE)"],
    [undefined, "could not be reached: connect failed"],
  ])("with %s is UNREACHABLE, may be tried again, and says why", (code, what) => {
    const cause = errorWith(code);
    expect(readConnectionError(cause)).toEqual({ kind: "failure", code: "UNREACHABLE", what, retriable: true, cause });
  });

  it.each(["CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "DEPTH_ZERO_SELF_SIGNED_CERT"])(
    "with %s is UNREACHABLE, and not tried again",
    (code) => {
      expect(readConnectionError(errorWith(code))).toMatchObject({ code: "UNREACHABLE", retriable: false });
    },
  );

  it("for its time is TIMEOUT, and may be tried again", () => {
    const cause = errorWith(attemptTimedOut, "gave no complete answer within 10000 ms");
    expect(readConnectionError(cause)).toEqual({
      kind: "failure",
      code: "TIMEOUT",
      what: "gave no complete answer within 10000 ms",
      retriable: true,
      cause,
    });
  });
});

describe("an answer that could not be read", () => {
  it.each<[what: string, code: string, message: string, said: string, retriable: boolean]>([
    [
      "that breaks off, and may be tried again",
      "PARSE_ERROR",
      "aborted",
      "broke off in the middle of its answer",
      true,
    ],
    ["that is too large, and not tried again", bodyTooLarge, "answered with too much", "answered with too much", false],
    [
      "that is no HTTP, and not tried again",
      "HPE_INVALID_CONSTANT",
      "Parse Error",
      "gave an answer that is no HTTP (HPE_INVALID_CONSTANT)",
      false,
    ],
  ])("is INVALID_RESPONSE: one %s", (_what, code, message, said, retriable) => {
    const cause = errorWith(code, message);
    expect(readConnectionError(cause)).toEqual({
      kind: "failure",
      code: "INVALID_RESPONSE",
      what: said,
      retriable,
      cause,
    });
  });
});
