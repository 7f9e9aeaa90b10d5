import { describe, expect, it } from "vitest";
import type { Failure } from "./answer.ts";
import { inShort } from "./failure.ts";

const refusal: Failure = { kind: "failure", code: "REJECTED", what: "answered 400", retriable: false };

describe("the first answer of two, in a sentence", () => {
  it.each([
    [
      "quotes the endpoint",
      "No such version",
      'Before that, API version 2019-08-01 was answered 400: "No such version".',
    ],
    [
      "does without its words when it said nothing that can be shown",
      "",
      "Before that, API version 2019-08-01 was answered 400.",
    ],
  ])("%s", (_what, endpointMessage, sentence) => {
    expect(inShort({ ...refusal, endpointMessage }, "2019-08-01")).toBe(sentence);
  });
});
