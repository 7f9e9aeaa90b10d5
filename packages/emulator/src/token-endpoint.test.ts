import { describe, expect, it } from "vitest";
import { hosts } from "./hosts.ts";
import { defaultUserAssigned, systemAssignedIdentity } from "./identities.ts";
import { Secret } from "./secret.ts";
import { answer, type Denial, type Grant, type Site } from "./token-endpoint.ts";
import { readAsk, type TokenRequest } from "./token-request.ts";

const systemAssigned = systemAssignedIdentity("Microsoft.Web/sites");
const resource = "https://vault.azure.net";
const site: Site = {
  host: hosts["app-service-linux"],
  identities: { systemAssigned, userAssigned: [defaultUserAssigned] },
  secret: new Secret("s3cret"),
  anyIdentity: false,
};

function request(query: string, headers: TokenRequest["headers"] = { "x-identity-header": "s3cret" }): TokenRequest {
  return {
    method: "GET",
    url: `/msi/token?${query}`,
    origin: "http://127.0.0.1:8081",
    headers,
    correlationId: "00000000-0000-4000-8000-00000000c0de",
  };
}

/** The client id of the identity that a request gets a token of, or why it gets none. */
function decide(query: string, overrides: Partial<Site> = {}, headers?: TokenRequest["headers"]): string {
  const decision: Grant | Denial = answer(request(query, headers), { ...site, ...overrides });
  return decision.kind === "grant" ? decision.identity.clientId : decision.refusal;
}

const asking = `api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;

describe("the token endpoint", () => {
  it.each([
    ["no id", asking, systemAssigned.clientId],
    ["client_id", `${asking}&client_id=${defaultUserAssigned.clientId}`, defaultUserAssigned.clientId],
    ["principal_id", `${asking}&principal_id=${defaultUserAssigned.objectId}`, defaultUserAssigned.clientId],
    ["object_id", `${asking}&object_id=${defaultUserAssigned.objectId}`, defaultUserAssigned.clientId],
    ["mi_res_id", `${asking}&mi_res_id=${defaultUserAssigned.resourceId}`, defaultUserAssigned.clientId],
    [
      "a resource id in another letter case",
      `${asking}&mi_res_id=${defaultUserAssigned.resourceId.toUpperCase()}`,
      defaultUserAssigned.clientId,
    ],
  ])("chooses the identity by %s", (_, query, expected) => {
    expect(decide(query)).toBe(expected);
  });

  it.each([
    ["clientid, which is 2017-09-01's", `${asking}&clientid=${defaultUserAssigned.clientId}`],
    ["msi_res_id, which is a VM's", `${asking}&msi_res_id=${defaultUserAssigned.resourceId}`],
    ["anything else", `${asking}&bypass_cache=true`],
  ])("ignores %s, and gives the system-assigned identity", (_, query) => {
    expect(decide(query)).toBe(systemAssigned.clientId);
  });

  it("ignores client_id over 2017-09-01: the trap that hands out the wrong identity", () => {
    const query = `${asking.replace("2019-08-01", "2017-09-01")}&client_id=${defaultUserAssigned.clientId}`;
    expect(decide(query, {}, { secret: "s3cret" })).toBe(systemAssigned.clientId);
  });

  it.each([
    [
      "two kinds of id",
      `${asking}&client_id=${defaultUserAssigned.clientId}&object_id=${defaultUserAssigned.objectId}`,
    ],
    ["an alias beside the other", `${asking}&principal_id=x&object_id=x`],
    ["an id given twice", `${asking}&client_id=x&client_id=x`],
  ])("refuses %s", (_, query) => {
    expect(decide(query)).toBe("several-ids");
  });

  it.each([
    ["no API version", `resource=${resource}`, "missing-api-version"],
    ["an empty API version", `api-version=&resource=${resource}`, "missing-api-version"],
    ["two API versions", `${asking}&api-version=2017-09-01`, "missing-api-version"],
    ["an API version there is not", `api-version=2025-03-30&resource=${resource}`, "unsupported-api-version"],
    [
      "a property name of objects as API version",
      `api-version=__proto__&resource=${resource}`,
      "unsupported-api-version",
    ],
    ["no resource", "api-version=2019-08-01", "missing-resource"],
    ["an empty resource", "api-version=2019-08-01&resource=", "missing-resource"],
    ["two resources", `${asking}&resource=${resource}`, "missing-resource"],
    ["a resource that is no URI", "api-version=2019-08-01&resource=key%20vault", "missing-resource"],
    ["a resource with control characters", "api-version=2019-08-01&resource=https://a%00b", "missing-resource"],
    ["an endless resource", `api-version=2019-08-01&resource=https://${"a".repeat(3000)}`, "missing-resource"],
    ["a scope for a resource", `${asking}%2F.default`, "wrong-resource"],
    ["a resource without its scheme", "api-version=2019-08-01&resource=vault.azure.net", "wrong-resource"],
    ["an identity it does not know", `${asking}&client_id=${systemAssigned.clientId}`, "unknown-identity"],
  ])("refuses %s", (_, query, refusal) => {
    expect(decide(query)).toBe(refusal);
  });

  it.each(["api://my-app", "00000003-0000-0000-c000-000000000000", "https://management.azure.com/", "urn:my:app"])(
    "takes %s for a resource",
    (name) => {
      expect(decide(`api-version=2019-08-01&resource=${encodeURIComponent(name)}`)).toBe(systemAssigned.clientId);
    },
  );

  it.each([
    ["no header", {}],
    ["another secret", { "x-identity-header": "s3cret " }],
    ["an empty secret", { "x-identity-header": "" }],
    ["the header of the other API version", { secret: "s3cret" }],
    ["Metadata alone", { metadata: "true" }],
  ])("refuses %s", (_, headers) => {
    expect(decide(asking, {}, headers)).toBe("wrong-secret");
  });

  it("looks at the API version before the secret", () => {
    expect(decide(asking, { host: hosts["functions-linux-consumption"] }, {})).toBe("unsupported-api-version");
  });

  it("takes any id for the developer's when the tokens are the developer's own", () => {
    const own = { identities: { userAssigned: [] }, anyIdentity: true };
    expect(decide(`${asking}&client_id=b0b`, own)).toBe("b0b");
    expect(decide(asking, own)).toMatch(/^[\da-f-]{36}$/);
  });

  it("says the correlation id in header and body", () => {
    const decision = answer(request(`${asking}&client_id=x`), site);
    const reply = decision.kind === "deny" ? decision.reply : undefined;
    expect(reply?.headers["x-correlation-id"]).toBe("00000000-0000-4000-8000-00000000c0de");
    expect(reply?.body).toContain("00000000-0000-4000-8000-00000000c0de");
  });
});

describe("readAsk", () => {
  it("reads what can be read of a request that is refused", () => {
    expect(readAsk(request("api-version=2019-08-01&client_id=x"))).toEqual({
      apiVersion: "2019-08-01",
      identity: { kind: "clientId", id: "x" },
    });
    expect(readAsk(request(""))).toEqual({ identity: { kind: "systemAssigned" } });
  });

  it("sees a parameter of the other API version as little as the endpoint does", () => {
    expect(readAsk(request("api-version=2019-08-01&clientid=x")).identity).toEqual({ kind: "systemAssigned" });
  });
});
