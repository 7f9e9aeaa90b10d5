import { Agent } from "node:https";
import { createHash } from "node:crypto";
import { AzureResource } from "@appservice-msi/credential";
import { AppConfigurationClient } from "@azure/app-configuration";
import { ContainerRegistryClient } from "@azure/container-registry";
import type { TokenCredential } from "@azure/core-auth";
import { CosmosClient, type CosmosClientOptions } from "@azure/cosmos";
import { LogsQueryClient } from "@azure/monitor-query-logs";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";
import { type HttpsServiceOptions, startHttpsService } from "./services/https-service.ts";

const platform = usePlatform();

function systemAssigned(): object {
  return expect.objectContaining({ oid: platform.emulator.identities.systemAssigned?.objectId }) as object;
}

describe("@azure/app-configuration", () => {
  const resource = "https://appconfig.azure.com";

  it("reads a setting", async () => {
    await using service = await startHttpsService(platform, {
      verify: await platform.verifierFor(resource),
      answer: ({ url }) => ({
        body: { key: decodeURIComponent(url.pathname.split("/").at(-1) ?? ""), value: "hello" },
      }),
    });
    const client = new AppConfigurationClient(service.url, platform.credential);
    expect(await client.getConfigurationSetting({ key: "app:greeting" })).toMatchObject({
      key: "app:greeting",
      value: "hello",
    });
    expect(service.callers).toEqual([systemAssigned()]);
    expectOnPage("@azure/app-configuration", { asked: platform.emulator.journal.list(), triedOn: "HTTPS stand-in" });
  });

  it("is refused with a token for another resource", async () => {
    await using service = await startHttpsService(platform, {
      verify: await platform.verifierFor(resource),
      answer: () => ({}),
    });
    const elsewhere = { getToken: () => platform.credential.getToken("https://storage.azure.com/.default") };
    const client = new AppConfigurationClient(service.url, elsewhere);
    await expect(client.getConfigurationSetting({ key: "greeting" })).rejects.toMatchObject({ statusCode: 401 });
    expect(service.callers).toEqual([]);
  });
});

describe("@azure/cosmos", () => {
  const account = "https://account.documents.azure.com";
  const service = async (resource: string): Promise<HttpsServiceOptions> => ({
    verify: await platform.verifierFor(resource),
    scheme: /^type=aad&ver=1\.0&sig=(?<token>\S+)$/,
    answer: ({ url }) => {
      const locations = [{ name: "here", databaseAccountEndpoint: account }];
      return url.pathname === "/"
        ? { body: { id: "account", writableLocations: locations, readableLocations: locations } }
        : { body: { id: url.pathname.split("/").at(-1) } };
    },
  });

  // The client takes `aadScope`, and its types do not know.
  it.each<[string, string, Partial<CosmosClientOptions> & { aadScope?: string }]>([
    ["asks for a token for its account", account, {}],
    [
      "asks for a token for all accounts when told so",
      "https://cosmos.azure.com",
      { aadScope: "https://cosmos.azure.com/.default" },
    ],
  ])("%s", async (_, resource, options) => {
    await using accountService = await startHttpsService(platform, await service(resource));
    // The account's own name, at an address of this machine.
    const agent = new Agent({ host: "127.0.0.1", port: accountService.port, servername: "localhost" });
    const client = new CosmosClient({ endpoint: account, aadCredentials: platform.credential, agent, ...options });
    const { resource: database } = await client.database("shop").read();
    client.dispose();
    expect(database?.id).toBe("shop");
    expect(accountService.callers).toContainEqual(systemAssigned());
    expect(platform.emulator.journal.list().map((entry) => entry.resource)).toEqual([resource]);
    if (options.aadScope === undefined) {
      expectOnPage("@azure/cosmos", { asked: platform.emulator.journal.list(), triedOn: "HTTPS stand-in" });
    }
  });
});

describe("@azure/cosmos in a tenant that does not know its account by name", () => {
  it("falls back to the resource of all accounts", async () => {
    const asked: unknown[] = [];
    const unknownAccount: TokenCredential = {
      getToken: (scopes) => {
        asked.push(scopes);
        return Promise.reject(new Error("AADSTS500011: The resource principal was not found."));
      },
    };
    const client = new CosmosClient({
      endpoint: "https://account.documents.azure.com",
      aadCredentials: unknownAccount,
    });
    await expect(client.database("shop").read()).rejects.toThrow("AADSTS500011");
    client.dispose();
    expect(asked.flat().slice(0, 2)).toEqual([
      "https://account.documents.azure.com/.default",
      `${AzureResource.cosmosDb}/.default`,
    ]);
  });
});

describe("@azure/monitor-query-logs", () => {
  it("queries a workspace", async () => {
    await using service = await startHttpsService(platform, {
      verify: await platform.verifierFor("https://api.loganalytics.io"),
      answer: ({ body }) => ({
        body: {
          tables: [
            {
              name: "PrimaryResult",
              columns: [{ name: "query", type: "string" }],
              rows: [[(JSON.parse(body) as { query: string }).query]],
            },
          ],
        },
      }),
    });
    const client = new LogsQueryClient(platform.credential, { endpoint: service.url });
    const result = await client.queryWorkspace("workspace", "AppRequests | take 1", { duration: "PT1H" });
    expect(result).toMatchObject({ status: "Success", tables: [{ rows: [["AppRequests | take 1"]] }] });
    expect(service.callers).toEqual([systemAssigned()]);
    expectOnPage("@azure/monitor-query-logs", { asked: platform.emulator.journal.list(), triedOn: "HTTPS stand-in" });
  });
});

describe("@azure/container-registry", () => {
  it("changes its token for the registry's own, and lists repositories with that", async () => {
    const identityOf = await platform.verifierFor("https://containerregistry.azure.net");
    const exchangedFor: unknown[] = [];
    const key = createHash("sha256").update("registry").digest();
    const issue = (claims: JWTPayload) =>
      new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setExpirationTime("3h").sign(key);
    await using service = await startHttpsService(platform, {
      challenge: 'Bearer realm="https://registry/oauth2/token",service="registry",scope="registry:catalog:*"',
      verify: async (token) => (await jwtVerify(token, key, { audience: "access" })).payload,
      open: /^\/oauth2\//,
      answer: async ({ url, body }) => {
        const form = new URLSearchParams(body);
        if (url.pathname === "/oauth2/exchange") {
          exchangedFor.push(await identityOf(form.get("access_token") ?? ""));
          return { body: { refresh_token: await issue({ aud: "refresh" }) } };
        }
        if (url.pathname === "/oauth2/token") {
          await jwtVerify(form.get("refresh_token") ?? "", key, { audience: "refresh" });
          return { body: { access_token: await issue({ aud: "access", scope: form.get("scope") }) } };
        }
        return { body: { repositories: ["hello"] } };
      },
    });
    const client = new ContainerRegistryClient(service.url, platform.credential);
    expect(await Array.fromAsync(client.listRepositoryNames())).toEqual(["hello"]);
    expect(exchangedFor).toEqual([systemAssigned()]);
    expect(service.callers).toMatchObject([{ aud: "access", scope: "registry:catalog:*" }]);
    expectOnPage("@azure/container-registry", { asked: platform.emulator.journal.list(), triedOn: "HTTPS stand-in" });
  });
});

describe("@microsoft/microsoft-graph-client", () => {
  it("reads from Graph", async () => {
    await using service = await startHttpsService(platform, {
      verify: await platform.verifierFor("https://graph.microsoft.com"),
      answer: ({ url }) => ({ body: { path: url.pathname } }),
    });
    const authProvider = new TokenCredentialAuthenticationProvider(platform.credential, {
      scopes: ["https://graph.microsoft.com/.default"],
    });
    const client = Client.initWithMiddleware({
      authProvider,
      baseUrl: `${service.url}/`, // for this machine
      customHosts: new Set(["127.0.0.1"]),
    });
    expect(await client.api("/organization").get()).toEqual({ path: "/v1.0/organization" });
    expect(service.callers).toEqual([systemAssigned()]);
    expectOnPage("@microsoft/microsoft-graph-client", {
      asked: platform.emulator.journal.list(),
      triedOn: "HTTPS stand-in",
    });
  });
});
