import { beforeAll, describe, expect, it } from "vitest";
import { asHere, type Installation, installTarballs } from "./install.ts";

const getToken = `
  const emulator = await startEmulator();
  const credential = new AppServiceMsiCredential({ env: emulator.env });
  const { token } = await credential.getToken("https://storage.azure.com/.default");
  console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).aud);
  await emulator.close();
`;

const byImport = `
  import { AppServiceMsiCredential } from "@appservice-msi/credential";
  import { startEmulator } from "@appservice-msi/emulator";
  ${getToken}
`;

const byRequire = `
  const { AppServiceMsiCredential } = require("@appservice-msi/credential");
  const { startEmulator } = require("@appservice-msi/emulator");
  (async () => { ${getToken} })();
`;

const loadedByImport = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({
    load(url, context, nextLoad) {
      loaded.push(url);
      return nextLoad(url, context);
    },
  });
  await import("@appservice-msi/credential");
  const ours = loaded.filter((url) => url.includes("/node_modules/@appservice-msi/credential/"));
  console.log(ours.length > 0, loaded.filter((url) => !url.startsWith("node:") && !ours.includes(url)));
`;

const consumer = `
  import type { AccessToken, TokenCredential } from "@azure/core-auth";
  import { AppServiceMsiCredential, AppServiceMsiError, AzureResource } from "@appservice-msi/credential";
  import { type EmulatorOptions, startEmulator } from "@appservice-msi/emulator";

  const options: EmulatorOptions = { host: "app-service-windows" };
  await using emulator = await startEmulator(options);
  const credential: TokenCredential = new AppServiceMsiCredential("client-id", { env: emulator.env });
  try {
    const token: AccessToken | null = await credential.getToken(AzureResource.keyVault);
    console.log(token?.expiresOnTimestamp);
  } catch (error) {
    if (error instanceof AppServiceMsiError && error.code === "IDENTITY_NOT_FOUND") {
      const status: number | undefined = error.statusCode;
      console.log(status);
    }
  }
  // @ts-expect-error: an option that is misspelt is an error
  new AppServiceMsiCredential({ timeoutMs: 1 });
`;

/** The versions of Node that the packages promise to run on: the program `node` of npm, under a name for each. */
const nodes = ["22", "24", "26"];

let user: Installation;
beforeAll(async () => {
  const runtimes = nodes.map((version) => `node-${version}@npm:node@${version}`);
  user = await installTarballs(asHere("typescript"), asHere("@types/node"), ...runtimes);
  return () => user.remove();
});

function node(version: string): string {
  return `node_modules/node-${version}/bin/node`;
}

describe("what a user installs", () => {
  it.each(nodes)("gets a token by import on Node %s", async (version) => {
    user.write("import.mjs", byImport);
    expect(await user.run(node(version), "import.mjs")).toBe("https://storage.azure.com\n");
  });

  it.each(nodes)("gets a token by require() on Node %s", async (version) => {
    user.write("require.cjs", byRequire);
    expect(await user.run(node(version), "require.cjs")).toBe("https://storage.azure.com\n");
  });

  it("loads no other package when the credential is imported", async () => {
    user.write("loaded.mjs", loadedByImport);
    expect(await user.run(process.execPath, "loaded.mjs")).toBe("true []\n");
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("has types in a project with module %s and moduleResolution %s", async (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2024",
      lib: ["esnext"],
      types: ["node"],
      strict: true,
    };
    user.write("consumer.ts", consumer);
    user.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    await user.run("npx", "tsc", "--noEmit", "--pretty", "false");
  });
});
