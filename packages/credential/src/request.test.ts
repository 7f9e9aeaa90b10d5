import { describe, expect, it } from "vitest";
import { type Endpoint, findEndpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { type ApiVersion, protocols } from "./protocol.ts";
import { buildRequest, canCarry, unsupportedIdentity } from "./request.ts";

const secret = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a";
const resource = "https://vault.azure.net";
const id = "00001111-aaaa-2222-bbbb-3333cccc4444";
const systemAssigned: Identity = { kind: "systemAssigned" };

function endpointAt(url = "http://127.0.0.1:41601/msi/token"): Endpoint {
  return findEndpoint({ IDENTITY_ENDPOINT: url, IDENTITY_HEADER: secret });
}

function queryFor(apiVersion: ApiVersion, identity: Identity, url?: string): Record<string, string> {
  const request = buildRequest(protocols[apiVersion], endpointAt(url), { resource, identity });
  return Object.fromEntries(new URL(request.url).searchParams);
}

describe("a request", () => {
  it("in 2019-08-01 is this, letter by letter", () => {
    const request = buildRequest(protocols["2019-08-01"], endpointAt(), {
      resource,
      identity: { kind: "clientId", id },
    });
    expect(request).toEqual({
      url: `http://127.0.0.1:41601/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id=${id}`,
      headers: { accept: "application/json", metadata: "true", "x-identity-header": secret },
    });
  });

  it("in 2017-09-01 is this, letter by letter", () => {
    const request = buildRequest(protocols["2017-09-01"], endpointAt(), {
      resource,
      identity: { kind: "clientId", id },
    });
    expect(request).toEqual({
      url: `http://127.0.0.1:41601/msi/token?api-version=2017-09-01&resource=https%3A%2F%2Fvault.azure.net&clientid=${id}`,
      headers: { accept: "application/json", metadata: "true", secret },
    });
  });

  it.each<[apiVersion: ApiVersion, kind: "clientId" | "resourceId" | "objectId", parameter: string]>([
    ["2019-08-01", "clientId", "client_id"],
    ["2019-08-01", "resourceId", "mi_res_id"],
    ["2019-08-01", "objectId", "object_id"],
    ["2017-09-01", "clientId", "clientid"],
  ])("trap: in %s names a %s as %s and by nothing else", (apiVersion, kind, parameter) => {
    expect(queryFor(apiVersion, { kind, id })).toEqual({ "api-version": apiVersion, resource, [parameter]: id });
  });

  it.each(["2019-08-01", "2017-09-01"] as const)(
    "in %s names no identity for the system-assigned one",
    (apiVersion) => {
      expect(queryFor(apiVersion, systemAssigned)).toEqual({ "api-version": apiVersion, resource });
    },
  );

  it.each(["2019-08-01", "2017-09-01"] as const)(
    "trap: in %s carries no claims, no X-Forwarded-For and no secret in its URL",
    (apiVersion) => {
      const request = buildRequest(protocols[apiVersion], endpointAt(), { resource, identity: systemAssigned });
      expect(Object.keys(request.headers).toSorted()).toEqual(
        ["accept", "metadata", protocols[apiVersion].secretHeader].toSorted(),
      );
      expect(request.url).not.toContain(secret);
    },
  );

  it.each([
    ["keeps the slash at the end of the path", "http://h:1/MSI/token/", "http://h:1/MSI/token/?api-version="],
    ["keeps a query", "http://h:1/token?pool=a%20b&x=1", "http://h:1/token?pool=a+b&x=1&api-version="],
    [
      "replaces an API version in the query",
      "http://h:1/token?api-version=old&x=1",
      "http://h:1/token?api-version=2019-08-01&x=1&resource=",
    ],
    ["stays at an IPv6 address", "http://[::1]:8081/msi/token", "http://[::1]:8081/msi/token?api-version="],
    ["may go to the root", "https://h", "https://h/?api-version="],
  ])("trap: %s", (_what, url, beginning) => {
    const request = buildRequest(protocols["2019-08-01"], endpointAt(url), { resource, identity: systemAssigned });
    expect(request.url.startsWith(beginning), request.url).toBe(true);
  });

  it.each([
    "https://vault.azure.net/",
    "api://00001111-aaaa-2222-bbbb-3333cccc4444",
    "https://a.net/?x=1&client_id=other#part",
    "a b+c%20d",
    "ресурс",
  ])("asks for exactly the resource it was given: %s", (odd) => {
    const request = buildRequest(protocols["2019-08-01"], endpointAt(), { resource: odd, identity: systemAssigned });
    const { searchParams } = new URL(request.url);
    expect(searchParams.getAll("resource")).toEqual([odd]);
    expect(searchParams.has("client_id")).toBe(false);
  });
});

describe("an id that the API version cannot carry", () => {
  it.each(["resourceId", "objectId"] as const)("trap: is refused and not left out: %s", (kind) => {
    const identity = { kind, id };
    const ask = (): unknown => buildRequest(protocols["2017-09-01"], endpointAt(), { resource, identity });
    expect(ask).toThrow(
      expect.objectContaining({ name: "AuthenticationError", code: "UNSUPPORTED_IDENTITY", apiVersion: "2017-09-01" }),
    );
    expect(canCarry(protocols["2017-09-01"], identity)).toBe(false);
    expect(canCarry(protocols["2019-08-01"], identity)).toBe(true);
  });

  it.each(["2019-08-01", "2017-09-01"] as const)("is not a client id, nor none: %s", (apiVersion) => {
    expect(canCarry(protocols[apiVersion], { kind: "clientId", id })).toBe(true);
    expect(canCarry(protocols[apiVersion], systemAssigned)).toBe(true);
  });

  it("is named in the error with its kind, the version, the variable, host and port, and what to do", () => {
    const error = unsupportedIdentity(protocols["2017-09-01"], endpointAt(), { kind: "objectId", id });
    for (const text of [
      `object id ${id}`,
      "2017-09-01",
      "IDENTITY_ENDPOINT",
      "http://127.0.0.1:41601",
      "managedIdentityClientId",
    ]) {
      expect(error.message).toContain(text);
    }
    expect(error.message).not.toContain(secret);
    expect(error).not.toHaveProperty("statusCode");
    expect(error).not.toHaveProperty("cause");
  });

  it("is shown without control characters", () => {
    const error = unsupportedIdentity(protocols["2017-09-01"], endpointAt(), {
      kind: "objectId",
      id: "a\r\n\u001B[31mb",
    });
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });

  it("keeps the answer that led to the other version: its words, status, correlation id and error", () => {
    const cause = new AppServiceMsiError("REJECTED", "refused", { statusCode: 400, correlationId: "c-1" });
    const firstAnswer = { before: "Before that, it was refused.", cause };
    const error = unsupportedIdentity(protocols["2017-09-01"], endpointAt(), { kind: "objectId", id }, firstAnswer);
    expect(error).toMatchObject({ statusCode: 400, correlationId: "c-1", cause });
    expect(error.message).toMatch(/ Before that, it was refused\.$/);
  });
});
