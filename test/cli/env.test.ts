import { type HostName, startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call } from "./play-terminal.ts";

interface Described {
  readonly host: { readonly name: string };
  readonly available: boolean;
  readonly emulated: boolean;
  readonly variables: readonly {
    readonly name: string;
    readonly set: boolean;
    readonly value?: string;
    readonly means: string;
  }[];
}

async function describeEnv(env: Record<string, string | undefined>, ...args: string[]): Promise<Described> {
  const { exitCode, stdout } = await call(["env", "-o", "json", ...args], { env });
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

describe("env", () => {
  it.each<[HostName, string]>([
    ["app-service-linux", "app-service-linux"],
    ["app-service-windows", "app-service-windows"],
    ["functions-linux-consumption", "app-service-linux"],
    ["container-apps", "container-apps"],
    ["azure-ml", "azure-ml"],
  ])("recognises the variables of %s as those of %s", async (host, recognised) => {
    await using emulator = await startEmulator({ host });
    expect(await describeEnv({ ...emulator.env })).toMatchObject({ host: { name: recognised }, available: true });
  });

  it.each([
    [
      "service-fabric",
      { IDENTITY_ENDPOINT: "https://localhost:2377", IDENTITY_HEADER: "x", IDENTITY_SERVER_THUMBPRINT: "AB" },
    ],
    ["azure-arc", { IDENTITY_ENDPOINT: "http://localhost:40342/x", IMDS_ENDPOINT: "http://localhost:40342" }],
    ["cloud-shell", { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" }],
    ["container-apps", { CONTAINER_APP_NAME: "app" }],
    ["functions", { FUNCTIONS_WORKER_RUNTIME: "node", WEBSITE_SITE_NAME: "app" }],
    ["app-service-windows", { WEBSITE_SITE_NAME: "app", OS: "Windows_NT" }],
    ["app-service-linux", { WEBSITE_SITE_NAME: "app" }],
    ["none", {}],
  ])("recognises %s, and that it offers no endpoint to this process", async (name, env) => {
    expect(await describeEnv(env)).toMatchObject({ host: { name }, available: false });
  });

  it("shows no secret, but how long it is", async () => {
    const env = {
      IDENTITY_ENDPOINT: "http://user:password@127.0.0.1:41601/msi/token?code=hidden",
      IDENTITY_HEADER: "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a",
      MSI_SECRET: "853b9a84",
      HTTP_PROXY: "http://user:password@proxy:8080",
      APPSERVICE_MSI_EMULATOR: "http://127.0.0.1:1/_emulator/#key=hidden",
    };
    for (const args of [[], ["-o", "json"]]) {
      // oxlint-disable-next-line no-await-in-loop -- two calls
      const { stdout, stderr } = await call(["env", ...args], { env });
      expect(stdout + stderr).not.toMatch(/853b9a84|password|hidden/);
      expect(stdout).toContain("[redacted, 36 characters]");
      expect(stdout).toContain("http://127.0.0.1:41601/msi/token");
    }
  });

  it("says what a variable means on the host it is on", async () => {
    const { variables } = await describeEnv({ MSI_ENDPOINT: "http://localhost:50342/oauth2/token" });
    expect(variables).toEqual([
      {
        name: "MSI_ENDPOINT",
        set: true,
        value: "http://localhost:50342/oauth2/token",
        means: "Cloud Shell's token endpoint, which is another one",
      },
    ]);
  });

  it("tells an empty value from none, and lists what is not set when asked", async () => {
    const { variables } = await describeEnv({ AZURE_CLIENT_ID: "" }, "--all");
    const found = (name: string): unknown => variables.find((variable) => variable.name === name);
    expect(found("AZURE_CLIENT_ID")).toMatchObject({ set: true, value: '""' });
    expect(found("IDENTITY_ENDPOINT")).toMatchObject({ set: false });
  });

  it("shows a table to people", async () => {
    await using emulator = await startEmulator();
    const { stdout, stderr } = await call(["env"], { env: emulator.env });
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^Host +App Service or Functions on Linux\nEndpoint +set\n\nVariable +Value +Meaning\nIDENTITY_ENDPOINT +http/,
    );
  });

  it("lets no value steer the terminal", async () => {
    const { stdout } = await call(["env"], { env: { AZURE_CLIENT_ID: "\u001b[31mred\u0007" } });
    expect(stdout).toMatch(/AZURE_CLIENT_ID +\[31mred /);
  });
});
