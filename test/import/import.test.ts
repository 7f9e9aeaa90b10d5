import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "../run-node.ts";

/** Notes every module that is loaded, by `import` or by `require`, wherever it comes from. */
const noteModules = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({
    load(url, context, nextLoad) {
      loaded.push(url);
      return nextLoad(url, context);
    },
  });
  /** Names of packages from the registry, our own files, and Node's own modules. */
  function modules() {
    const packages = new Set();
    const files = [];
    const builtins = [];
    for (const url of loaded) {
      const [, name] = /.*[/]node_modules[/]((?:@[^/]+[/])?[^/]+)/.exec(url) ?? [];
      if (url.startsWith("node:")) builtins.push(url);
      else if (name) packages.add(name);
      else files.push(url);
    }
    return { packages: [...packages].sort(), files, builtins };
  }
`;

async function run(program: string, env: Readonly<Record<string, string | undefined>> = {}): Promise<unknown> {
  const { stdout, stderr, exitCode } = await runNode(program, { env });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

describe("importing the credential", () => {
  it("is watched by notes that hold whatever is imported or required", async () => {
    const loaded = await run(`
      ${noteModules}
      import { createRequire } from "node:module";
      createRequire(process.cwd() + "/any.cjs")("@azure/logger");
      await import("@azure/core-tracing");
      await import("node:zlib");
      console.log(JSON.stringify(modules()));
    `);
    expect(loaded).toMatchObject({
      packages: expect.arrayContaining(["@azure/core-tracing", "@azure/logger"]),
      builtins: expect.arrayContaining(["node:zlib"]),
    });
  });

  it("loads no other npm package, and so does everything up to the first request", async () => {
    const loaded = await run(`
      ${noteModules}
      const { AppServiceMsiCredential, AzureResource, isAppServiceMsiAvailable } = await import("@appservice-msi/credential");
      const credential = new AppServiceMsiCredential({ managedIdentityClientId: "a", env: {} });
      isAppServiceMsiAvailable();
      credential.clearCache();
      const codes = [];
      for (const scope of ["", AzureResource.storage]) await credential.getToken(scope).catch((e) => codes.push(e.code));
      console.log(JSON.stringify({ ...modules(), codes }));
    `);
    expect(loaded).toMatchObject({ packages: [], codes: ["INVALID_SCOPE", "NOT_CONFIGURED"] });
    expect((loaded as { files: string[] }).files).toEqual(
      expect.arrayContaining([expect.stringMatching(/packages\/credential\/src\/credential\.ts$/)]),
    );
  });

  it("loads nothing of Node that costs time: no http, https, net, tls, crypto, zlib", async () => {
    const { builtins } = (await run(`
      ${noteModules}
      await import("@appservice-msi/credential");
      console.log(JSON.stringify(modules()));
    `)) as { builtins: string[] };
    expect(builtins).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^node:(http|https|net|tls|crypto|zlib)$/)]),
    );
  });

  it("is followed by the pipeline with the first token, and by nothing more with the next", async () => {
    const loaded = (await run(
      `
        ${noteModules}
        const { AppServiceMsiCredential } = await import("@appservice-msi/credential");
        const credential = new AppServiceMsiCredential();
        const before = modules().packages;
        await credential.getToken("https://storage.azure.com/.default");
        const first = modules().packages;
        const count = loaded.length;
        await credential.getToken("https://storage.azure.com/.default");
        await credential.getToken("https://vault.azure.net/.default");
        console.log(JSON.stringify({ before, first, more: loaded.slice(count) }));
      `,
      emulator.env,
    )) as { before: string[]; first: string[]; more: string[] };
    expect(loaded.before).toEqual([]);
    expect(loaded.first).toEqual(
      expect.arrayContaining(["@azure/core-rest-pipeline", "@azure/core-tracing", "@azure/logger"]),
    );
    expect(loaded.first).not.toContain("@azure/identity");
    expect(loaded.more).toEqual([]);
  });

  it("gives these names and no others", async () => {
    const names = await run(`
      console.log(JSON.stringify(Object.keys(await import("@appservice-msi/credential")).sort()));
    `);
    expect(names).toEqual([
      "AppServiceMsiCredential",
      "AppServiceMsiError",
      "AzureResource",
      "isAppServiceMsiAvailable",
    ]);
  });
});

describe("require", () => {
  it("gives the same as import, and loads no other npm package", async () => {
    const answer = await run(
      `
        ${noteModules}
        import { createRequire } from "node:module";
        const require = createRequire(process.cwd() + "/any.cjs");
        const required = require("@appservice-msi/credential");
        const { packages } = modules();
        const imported = await import("@appservice-msi/credential");
        const { tokenType } = await new required.AppServiceMsiCredential().getToken("https://storage.azure.com/.default");
        const same = required.AppServiceMsiCredential === imported.AppServiceMsiCredential;
        console.log(JSON.stringify({ packages, same, tokenType }));
      `,
      emulator.env,
    );
    expect(answer).toEqual({ packages: [], same: true, tokenType: "Bearer" });
  });
});
