import type { AppServiceMsiCredentialOptions } from "@appservice-msi/credential";
import { describe, expect, it } from "vitest";
import { credentialFor, playEndpoint, secret, storage, token, useNock, vault } from "../play-endpoint.ts";

useNock();

const clientId = "11112222-aaaa-4bbb-8ccc-333344445555";
const objectId = "66667777-dddd-4eee-8fff-888899990000";
const resourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine";

const identities: Readonly<Record<string, AppServiceMsiCredentialOptions>> = {
  "the system-assigned identity": {},
  "a client id": { managedIdentityClientId: clientId },
  "a resource id": { managedIdentityResourceId: resourceId },
  "an object id": { managedIdentityObjectId: objectId },
};

const parameters2019: Readonly<Record<string, string>> = {
  "the system-assigned identity": "",
  "a client id": `&client_id=${clientId}`,
  "a resource id": `&mi_res_id=${encodeURIComponent(resourceId)}`,
  "an object id": `&object_id=${objectId}`,
};

const parameters2017: Readonly<Record<string, string>> = {
  "the system-assigned identity": "",
  "a client id": `&clientid=${clientId}`,
};

/** How an endpoint may be written, and how the request to it begins. */
const endpoints: readonly [form: string, url: string, requested: string][] = [
  ["Linux, not on loopback", "http://172.16.5.3:8081/msi/token", "http://172.16.5.3:8081/msi/token?"],
  ["Windows, upper case and slash", "http://127.0.0.1:41601/MSI/token/", "http://127.0.0.1:41601/MSI/token/?"],
  ["Container Apps, a name", "http://localhost:42356/msi/token", "http://localhost:42356/msi/token?"],
  ["with a query", "http://localhost:8081/msi/token?site=a1&b=", "http://localhost:8081/msi/token?site=a1&b=&"],
  ["with a bare question mark", "http://localhost:8081/msi/token?", "http://localhost:8081/msi/token?"],
  ["without a path", "http://localhost:8081", "http://localhost:8081/?"],
  ["IPv6", "http://[::1]:8081/msi/token", "http://[::1]:8081/msi/token?"],
  ["https", "https://identity.internal:8443/msi/token", "https://identity.internal:8443/msi/token?"],
  ["https on its own port", "https://identity.internal/msi/token", "https://identity.internal/msi/token?"],
  ["white space around it", " http://localhost:8081/msi/token\r\n", "http://localhost:8081/msi/token?"],
];

const resource = `resource=${encodeURIComponent(storage)}`;

describe.each(endpoints)("an endpoint of the form: %s", (_form, url, requested) => {
  it.each(Object.keys(identities))("is asked over 2019-08-01 for %s", async (identity) => {
    const endpoint = playEndpoint([token({ client_id: clientId })], url.trim());
    const env = { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: secret };
    await credentialFor({ env }, identities[identity]).getToken(`${storage}/.default`);
    expect(endpoint.requests).toMatchObject([
      {
        method: "GET",
        url: `${requested}api-version=2019-08-01&${resource}${parameters2019[identity]}`,
        headers: { "x-identity-header": secret },
        body: "",
      },
    ]);
    expect(endpoint.requests[0]?.headers).not.toHaveProperty("secret");
  });

  it.each(Object.keys(parameters2017))("is asked over 2017-09-01 for %s", async (identity) => {
    const endpoint = playEndpoint([token({ client_id: clientId })], url.trim());
    const env = { MSI_ENDPOINT: url, MSI_SECRET: secret };
    await credentialFor({ env }, identities[identity]).getToken(`${storage}/.default`);
    expect(endpoint.requests).toMatchObject([
      {
        method: "GET",
        url: `${requested}api-version=2017-09-01&${resource}${parameters2017[identity]}`,
        headers: { secret },
        body: "",
      },
    ]);
    expect(endpoint.requests[0]?.headers).not.toHaveProperty("x-identity-header");
  });
});

describe("a request", () => {
  it("carries these headers and no others", async () => {
    const endpoint = playEndpoint([token()]);
    await credentialFor(endpoint).getToken(storage);
    expect(endpoint.requests[0]?.headers).toEqual({
      accept: "application/json",
      connection: expect.stringMatching(/^(close|keep-alive)$/),
      host: "127.0.0.1:41601",
      metadata: "true",
      "user-agent": expect.any(String),
      "x-identity-header": secret,
    });
  });

  it("tells nothing of tenant, CAE and claims to the endpoint", async () => {
    const endpoint = playEndpoint([token(), token()]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    await credential.getToken(storage, {
      claims: '{"access_token":{"nbf":{"essential":true}}}',
      enableCae: true,
      tenantId: "99999999-0000-4000-8000-000000000000",
    });
    const [plain, withOptions] = endpoint.requests;
    expect(withOptions?.url).toBe(plain?.url);
    expect(withOptions?.headers).toEqual(plain?.headers);
  });

  it("has the secret without the white space around the variable", async () => {
    const endpoint = playEndpoint([token()]);
    await credentialFor({ env: { ...endpoint.env, IDENTITY_HEADER: ` ${secret}\n` } }).getToken(storage);
    expect(endpoint.requests[0]?.headers["x-identity-header"]).toBe(secret);
  });

  it.each<[apiVersion: "2019-08-01" | "2017-09-01", header: string]>([
    ["2019-08-01", "x-identity-header"],
    ["2017-09-01", "secret"],
  ])("is in API version %s when the option says so, whichever variables there are", async (apiVersion, header) => {
    const endpoint = playEndpoint([token(), token()]);
    const url = endpoint.env["IDENTITY_ENDPOINT"];
    for (const env of [endpoint.env, { MSI_ENDPOINT: url, MSI_SECRET: secret }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as the acts are
      await credentialFor({ env }, { apiVersion }).getToken(storage);
    }
    for (const request of endpoint.requests) {
      expect(new URL(request.url).searchParams.get("api-version")).toBe(apiVersion);
      expect(request.headers[header]).toBe(secret);
    }
  });
});

describe("the resource on the wire", () => {
  it.each([
    ["https://vault.azure.net/.default", "https://vault.azure.net"],
    ["https://vault.azure.net//.default", "https://vault.azure.net/"],
    ["https://management.azure.com//.default", "https://management.azure.com/"],
    ["https://vault.azure.net", "https://vault.azure.net"],
    ["https://vault.azure.net/", "https://vault.azure.net/"],
    ["https://a.test/.default/.default", "https://a.test/.default"],
    ["https://a.test/.DEFAULT", "https://a.test/.DEFAULT"],
    ["https://a.test/user_impersonation", "https://a.test/user_impersonation"],
    ["api://0f0f0f0f-1111-4222-8333-444444444444/.default", "api://0f0f0f0f-1111-4222-8333-444444444444"],
    ["0f0f0f0f-1111-4222-8333-444444444444", "0f0f0f0f-1111-4222-8333-444444444444"],
    ["api://my app & co?x=1#y&client_id=evil/.default", "api://my app & co?x=1#y&client_id=evil"],
    ["https://ünïcode.test/.default", "https://ünïcode.test"],
  ])("of the scope %s is %s", async (scope, expected) => {
    const endpoint = playEndpoint([token(), token()]);
    await credentialFor(endpoint).getToken(scope);
    await credentialFor(endpoint).getToken([scope]);
    for (const { url } of endpoint.requests) {
      expect([...new URL(url).searchParams]).toEqual([
        ["api-version", "2019-08-01"],
        ["resource", expected],
      ]);
    }
  });

  it.each([
    ["[]", []],
    ["an empty string", ""],
    ["a list of an empty string", [""]],
    ["/.default", "/.default"],
    ["two scopes", [storage, vault]],
  ])("is not asked for when there is not exactly one: %s", async (_what, scopes) => {
    const endpoint = playEndpoint([]);
    await expect(credentialFor(endpoint).getToken(scopes)).rejects.toMatchObject({
      code: "INVALID_SCOPE",
      name: "AuthenticationError",
    });
  });

  it.each<[unknown]>([[undefined], [null], [7], [{}], [[7]], [[undefined]]])(
    "is not asked for when types could have caught the scope: %j",
    async (scopes) => {
      const credential = credentialFor(playEndpoint([]));
      await expect(credential.getToken(scopes as string)).rejects.toThrow(TypeError);
    },
  );
});
