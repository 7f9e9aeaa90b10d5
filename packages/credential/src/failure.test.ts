import { describe, expect, it } from "vitest";
import type { Failure } from "./answer.ts";

import type { Endpoint } from "./endpoint.ts";
import { type FailureContext, inShort, toError } from "./failure.ts";

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

const endpoint: Endpoint = {
  url: "http://127.0.0.1:41601/msi/token",
  origin: "http://127.0.0.1:41601",
  secret: "s",
  urlVariable: "IDENTITY_ENDPOINT",
  secretVariable: "IDENTITY_HEADER",
  apiVersion: "2019-08-01",
};
const context: FailureContext = {
  resource: "https://vault.azure.net",
  identity: { kind: "systemAssigned" },
  endpoint,
  apiVersion: "2019-08-01",
  tries: 1,
};

function messageOf(more: Partial<Failure>, where: Partial<FailureContext> = {}): string {
  return toError({ ...refusal, ...more }, { ...context, ...where }).message;
}

describe("an error says", () => {
  it("what happened, where, for whom and what to do, in sentences", () => {
    expect(messageOf({ endpointMessage: "No", correlationId: "1-2", before: "Before that, no." })).toBe(
      'The managed identity endpoint in IDENTITY_ENDPOINT (http://127.0.0.1:41601) answered 400. Asked for https://vault.azure.net as the system-assigned identity, API version 2019-08-01, tried once. Check the resource, and that the id names an identity of this app. The endpoint says: "No". Correlation id: 1-2. Before that, no.',
    );
  });

  it.each([
    [0, ", not tried. "],
    [1, ", tried once. "],
    [2, ", tried 2 times. "],
  ])("how often it was tried: %d", (tries, words) => {
    expect(messageOf({}, { tries })).toContain(words);
  });

  it("that a version is not supported, and what to do after one version and after both", () => {
    expect(messageOf({ unsupportedApiVersion: true })).toContain(
      ' Leave apiVersion at "auto" to let the credential find the version that this endpoint speaks.',
    );
    expect(messageOf({ unsupportedApiVersion: true, before: "Before that, no." })).toContain(
      " It speaks no API version of App Service: check that IDENTITY_ENDPOINT points at the platform's endpoint. Before that, no.",
    );
  });
});

describe("the advice after a refusal", () => {
  it.each([
    ["storage.azure.com", " (is it https://storage.azure.com?)"],
    ["vault.azure.net/", " (is it https://vault.azure.net/?)"],
    ["https://storage.azure.com", ""],
    ["api://AzureADTokenExchange", ""],
    ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", ""],
  ])("asks after a bare host name, and after nothing that can be right: %s", (resource, hint) => {
    expect(toError(refusal, { ...context, resource }).message).toContain(`Check the resource${hint}, and`);
    expect(toError({ ...refusal, code: "SERVICE_FAILED" }, { ...context, resource }).message).toContain(
      `the resource first${hint}; if`,
    );
  });
});
