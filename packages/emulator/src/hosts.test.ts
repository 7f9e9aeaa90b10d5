import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, ask2017, read, vault } from "../testing/ask.ts";
import { hosts } from "./hosts.ts";
import { type Emulator, type HostName, startEmulator } from "./index.ts";

const names: readonly HostName[] = [
  "app-service-linux",
  "app-service-windows",
  "functions-linux-consumption",
  "container-apps",
  "azure-ml",
];

// One of each for all tests, since making their keys takes the most time.
const emulators = new Map<HostName, Emulator>();

beforeAll(async () => {
  await Promise.all(names.map(async (host) => emulators.set(host, await startEmulator({ host }))));
});
afterAll(() => Promise.all([...emulators.values()].map((emulator) => emulator.close())));

function playing(host: HostName): Emulator {
  const emulator = emulators.get(host);
  if (emulator === undefined) {
    throw new Error(`no emulator plays ${host}`);
  }
  return emulator;
}

/** Asks in the newest API version that a host has. */
function askHost(emulator: Emulator, query: Record<string, string> = {}): Promise<Response> {
  return "IDENTITY_HEADER" in emulator.env && emulator.host !== "functions-linux-consumption"
    ? ask(emulator.env, query)
    : ask2017(emulator.env, query);
}

/** The client id of the identity whose token it is: not every host writes it beside the token. */
async function appIdIn(response: Promise<Response>): Promise<unknown> {
  const { access_token: token } = await read(response);
  return (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { appid: unknown }).appid;
}

async function summarize(response: Response): Promise<[number, string]> {
  return [response.status, (await response.text()).replace(/"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"/, '"…"')];
}

describe("every host", () => {
  it.each(names)("%s says where each of its facts is from", (name) => {
    const { source, apiVersions, refusals } = hosts[name];
    const facts = [{ source }, ...Object.values(apiVersions), ...Object.values(refusals)];
    for (const fact of facts) {
      expect(fact.source).toMatch(/https:\/\/|guess/);
    }
  });

  it.each(names)("%s gives a token to an app with its variables", async (host) => {
    const emulator = playing(host);
    expect((await read(askHost(emulator))).resource).toBe(vault);
    expect(await appIdIn(askHost(emulator))).toBe(emulator.identities.systemAssigned?.clientId);
  });

  it.each(names)("%s finds a user-assigned identity by client id, in any letter case", async (host) => {
    const emulator = playing(host);
    const clientId = emulator.identities.userAssigned[0]?.clientId ?? "";
    const parameter = host === "functions-linux-consumption" || host === "azure-ml" ? "clientid" : "client_id";
    expect(await appIdIn(askHost(emulator, { [parameter]: clientId.toUpperCase() }))).toBe(clientId);
  });

  it.each([
    ["app-service-linux", ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"], "/msi/token"],
    ["app-service-windows", ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"], "/MSI/token/"],
    [
      "functions-linux-consumption",
      ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"],
      "/msi/token",
    ],
    ["container-apps", ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT"], "/msi/token"],
    ["azure-ml", ["MSI_ENDPOINT", "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID"], "/MSI/auth"],
  ] as const)("%s sets %j and no other variables", (host, variables, path) => {
    const emulator = playing(host);
    expect(Object.keys(emulator.env)).toEqual(variables);
    expect(emulator.env.MSI_ENDPOINT).toBe(`${emulator.url}${path}`);
  });

  it.each([
    ["app-service-linux", "2019-08-01", 403, ""],
    ["app-service-linux", "2017-09-01", 401, ""],
    ["app-service-windows", "2019-08-01", 403, ""],
    ["app-service-windows", "2017-09-01", 401, ""],
    ["functions-linux-consumption", "2017-09-01", 401, ""],
    ["container-apps", "2019-08-01", 403, ""],
    ["azure-ml", "2017-09-01", 401, "Invalid secret token header: ."],
  ] as const)("%s answers a wrong secret in %s with %i", async (host, apiVersion, status, body) => {
    const emulator = playing(host);
    const wrong = { ...emulator.env, IDENTITY_HEADER: "wrong", MSI_SECRET: "wrong" };
    const response = apiVersion === "2017-09-01" ? ask2017(wrong) : ask(wrong);
    expect(await summarize(await response)).toEqual([status, body]);
  });

  it.each(names)("%s answers another verb with 405", async (host) => {
    const emulator = playing(host);
    const response = await fetch(emulator.env.MSI_ENDPOINT ?? "", { method: "POST", body: "resource=x" });
    expect(await summarize(response)).toEqual([405, ""]);
    expect(response.headers.get("allow")).toBe("GET");
  });

  it.each(["app-service-linux", "app-service-windows", "functions-linux-consumption"] as const)(
    "%s gives the system-assigned identity over 2017-09-01 to whoever names one that it does not know",
    async (host) => {
      const emulator = playing(host);
      const appid = await appIdIn(ask2017(emulator.env, { clientid: crypto.randomUUID() }));
      expect(appid).toBe(emulator.identities.systemAssigned?.clientId);
    },
  );

  it("azure-ml refuses an identity that it does not know", async () => {
    const response = await ask2017(playing("azure-ml").env, { clientid: crypto.randomUUID() });
    expect(response.status).toBe(400);
  });

  it.each([
    [
      "app-service-linux",
      '{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.","correlationId":"…"}',
    ],
    [
      "app-service-windows",
      '{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId.","CorrelationId":"…"}',
    ],
    [
      "functions-linux-consumption",
      '{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.","correlationId":"…"}',
    ],
  ] as const)(
    "%s says over 2017-09-01 that it does not know an identity if it has none of its own",
    async (host, body) => {
      await using emulator = await startEmulator({ host, systemAssigned: false });
      expect(await summarize(await ask2017(emulator.env, { clientid: crypto.randomUUID() }))).toEqual([400, body]);
    },
  );

  it.each([
    [
      "app-service-linux",
      '{"statusCode":400,"message":"Unable to load requested managed identity.","correlationId":"…"}',
    ],
    [
      "container-apps",
      '{"statusCode":400,"message":"Unable to load the proper Managed Identity.","correlationId":"…"}',
    ],
    ["azure-ml", "SSO failure: unable to retrieve a token. Error Token service emulated-app. Token not found"],
  ] as const)(
    "%s says that there is no identity when none is system-assigned and none asked for",
    async (host, body) => {
      await using emulator = await startEmulator({ host, systemAssigned: false });
      expect(emulator.identities).not.toHaveProperty("systemAssigned");
      expect(await summarize(await askHost(emulator))).toEqual([host === "azure-ml" ? 404 : 400, body]);
    },
  );

  it("container-apps names the address without its query when it does not know an API version", async () => {
    const emulator = playing("container-apps");
    const response = await ask(emulator.env, { "api-version": "2018-02-01" });
    expect(await summarize(response)).toEqual([
      400,
      `{"error":{"code":"UnsupportedApiVersion","message":"The HTTP resource that matches the request URI '${emulator.env.IDENTITY_ENDPOINT}' does not support the API version '2018-02-01'.","innerError":null}}`,
    ]);
  });

  it("container-apps fails on an empty client id, where App Service takes it for none", async () => {
    expect((await ask(playing("container-apps").env, { client_id: "" })).status).toBe(500);
    expect((await ask(playing("app-service-linux").env, { client_id: "" })).status).toBe(200);
  });

  it("azure-ml names its default identity in a variable, and finds it by that id", async () => {
    const emulator = playing("azure-ml");
    const clientid = emulator.env.DEFAULT_IDENTITY_CLIENT_ID ?? "";
    expect(await appIdIn(ask2017(emulator.env, { clientid }))).toBe(clientid);
    await using other = await startEmulator({ host: "azure-ml", systemAssigned: false });
    expect(other.env.DEFAULT_IDENTITY_CLIENT_ID).toBe(other.identities.userAssigned[0]?.clientId);
  });

  it("azure-ml says the expiry twice, and not whose token it is", async () => {
    const body = await read(ask2017(playing("azure-ml").env));
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: expect.closeTo(86_400, -2),
      expires_on: expect.any(Number),
      resource: vault,
      token_type: "Bearer",
    });
  });

  it.each([
    ["app-service-linux", "application/json; charset=utf-8"],
    ["app-service-windows", null],
    ["azure-ml", "application/json"],
  ] as const)("%s gives a token the content type %s", async (host, contentType) => {
    expect((await ask2017(playing(host).env)).headers.get("content-type")).toBe(contentType);
  });

  it.each([
    ["app-service-linux", /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \+00:00$/],
    ["app-service-windows", /^\d\d?\/\d\d?\/\d{4} \d\d?:\d\d:\d\d [AP]M \+00:00$/],
  ] as const)("%s writes the date of 2017-09-01 its own way", async (host, form) => {
    const emulator = playing(host);
    expect((await read(ask2017(emulator.env))).expires_on).toMatch(form);
  });
});
