import { describe, expect, it } from "vitest";
import { otherApiVersion, protocols, variablePairs } from "./protocol.ts";

describe("the API versions", () => {
  it("trap: 2017-09-01 spells the client id without an underscore", () => {
    expect(protocols["2017-09-01"].identityParameters.clientId).toBe("clientid");
    expect(protocols["2019-08-01"].identityParameters.clientId).toBe("client_id");
  });

  it("differ in the header that carries the secret", () => {
    expect(protocols["2019-08-01"].secretHeader).toBe("x-identity-header");
    expect(protocols["2017-09-01"].secretHeader).toBe("secret");
  });

  it("differ in the identities they can carry: 2017-09-01 knows client ids only", () => {
    expect(protocols["2019-08-01"].identityParameters).toMatchObject({
      resourceId: "mi_res_id",
      objectId: "object_id",
    });
    expect(Object.keys(protocols["2017-09-01"].identityParameters)).toEqual(["clientId"]);
  });

  it.each(Object.entries(protocols))("stand under their own name: %s", (name, protocol) => {
    expect(protocol.apiVersion).toBe(name);
  });

  it("stand in for each other", () => {
    expect(otherApiVersion("2019-08-01")).toBe("2017-09-01");
    expect(otherApiVersion("2017-09-01")).toBe("2019-08-01");
  });
});

it("the IDENTITY pair is looked for first, and each pair says what to ask first", () => {
  expect(variablePairs).toEqual([
    { endpoint: "IDENTITY_ENDPOINT", secret: "IDENTITY_HEADER", apiVersion: "2019-08-01" },
    { endpoint: "MSI_ENDPOINT", secret: "MSI_SECRET", apiVersion: "2017-09-01" },
  ]);
});
