import { once } from "node:events";
import net from "node:net";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "../run-node.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A program that gets a token and says so, with a guard against rejections that nobody handles. */
function program(body: string): string {
  return `
    import { AppServiceMsiCredential } from "@appservice-msi/credential";
    process.on("unhandledRejection", (reason) => { console.log("UNHANDLED", reason); process.exit(70); });
    const storage = "https://storage.azure.com/.default";
    const started = performance.now();
    process.on("exit", () => console.log("ran for", Math.round(performance.now() - started), "ms"));
    ${body}
  `;
}

const oneToken = program(`
  const { token } = await new AppServiceMsiCredential().getToken(storage);
  console.log("token of", token.split(".").length, "parts");
`);

function ranForInMs(stdout: string): number {
  return Number(/ran for (\d+) ms/.exec(stdout)?.[1]);
}

describe("a proxy sees nothing of the endpoint, whatever the environment says", () => {
  let connections = 0;
  const proxy = net.createServer((socket) => {
    connections += 1;
    socket.on("error", () => {}).end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  let proxyUrl = "";

  beforeAll(async () => {
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    proxyUrl = `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  });
  afterEach(() => {
    connections = 0;
  });
  afterAll(() => void proxy.close());

  function proxyVariables(...names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, proxyUrl]));
  }

  const spellings = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "npm_config_proxy", "npm_config_https_proxy"];

  it.each<[names: string[], useEnvProxy: string | undefined, nodeOptions: string[]]>([
    [spellings, undefined, []],
    [spellings.map((name) => name.toLowerCase()), undefined, []],
    [spellings.flatMap((name) => [name, name.toLowerCase()]), "1", []],
    [spellings.flatMap((name) => [name, name.toLowerCase()]), undefined, ["--use-env-proxy"]],
    [["GLOBAL_AGENT_HTTP_PROXY", "http_proxy"], "1", ["--use-env-proxy"]],
  ])("with %j, NODE_USE_ENV_PROXY=%s and node %j", async (names, useEnvProxy, nodeOptions) => {
    const env = { ...emulator.env, ...proxyVariables(...names), NO_PROXY: "", NODE_USE_ENV_PROXY: useEnvProxy };
    const { stdout, exitCode } = await runNode(oneToken, { env, nodeOptions });
    expect(stdout).toContain("token of 3 parts");
    expect(exitCode).toBe(0);
    expect(connections).toBe(0);
  });

  it("although it would see the requests of a program that does not take care", async () => {
    const env = { ...emulator.env, ...proxyVariables("HTTP_PROXY"), NODE_USE_ENV_PROXY: "1" };
    const careless = `
      import http from "node:http";
      http.get(process.env.IDENTITY_ENDPOINT, (response) => response.resume());
    `;
    await runNode(careless, { env });
    expect(connections).toBe(1);
    expect(emulator.journal.list()).toEqual([]);
  });
});

describe("a process that is done exits at once, and no rejection goes unhandled", () => {
  it("after a token", async () => {
    const { stdout, exitCode } = await runNode(oneToken, { env: emulator.env });
    expect(exitCode).toBe(0);
    expect(ranForInMs(stdout)).toBeLessThan(5000);
  });

  it("after many tokens, a failure, an abort and a call that nobody waits for", async () => {
    const { stdout, exitCode } = await runNode(
      program(`
        const credential = new AppServiceMsiCredential();
        await Promise.all(Array.from({ length: 50 }, (_, i) => credential.getToken("https://r" + (i % 5) + ".test")));
        const failed = await new AppServiceMsiCredential({ clientId: "dead0000-0000-4000-8000-00000000beef" }).getToken(storage).catch((e) => e.code);
        const controller = new AbortController();
        const aborted = credential.getToken(storage, { abortSignal: controller.signal }).catch((e) => e.name);
        controller.abort();
        console.log(failed, await aborted);
        credential.getToken("https://nobody-waits.test").catch(() => {});
      `),
      { env: emulator.env },
    );
    expect(stdout).toContain("IDENTITY_NOT_FOUND AbortError");
    expect(exitCode).toBe(0);
    expect(ranForInMs(stdout)).toBeLessThan(5000);
  });

  it("after TIMEOUT, although the endpoint still hangs", async () => {
    emulator.faults.arm("hang");
    const { stdout, exitCode } = await runNode(
      program(`
        console.log(await new AppServiceMsiCredential({ timeoutInMs: 200 }).getToken(storage).catch((e) => e.code));
      `),
      { env: emulator.env },
    );
    expect(stdout).toContain("TIMEOUT");
    expect(exitCode).toBe(0);
    expect(ranForInMs(stdout)).toBeLessThan(5000);
  });

  it("after UNREACHABLE and NOT_CONFIGURED", async () => {
    const { stdout, exitCode } = await runNode(
      program(`
        const env = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token", IDENTITY_HEADER: "s" };
        const retryOptions = { maxRetries: 1, retryDelayInMs: 1 };
        console.log(await new AppServiceMsiCredential({ env, retryOptions }).getToken(storage).catch((e) => e.code));
        console.log(await new AppServiceMsiCredential().getToken(storage).catch((e) => e.code));
      `),
    );
    expect(stdout).toMatch(/UNREACHABLE\nNOT_CONFIGURED/);
    expect(exitCode).toBe(0);
    expect(ranForInMs(stdout)).toBeLessThan(5000);
  });

  it("after a refresh behind a caller's back that failed", async () => {
    emulator.faults.arm("short-token", { times: 1, lifetimeInMs: 40_000 });
    const { stdout, exitCode } = await runNode(
      program(`
        const credential = new AppServiceMsiCredential({ retryOptions: { maxRetries: 0 } });
        const { refreshAfterTimestamp } = await credential.getToken(storage);
        process.env.IDENTITY_HEADER = "wrong";
        const { now } = Date;
        Date.now = () => now() + 31_000;
        console.log(refreshAfterTimestamp <= Date.now(), (await credential.getToken(storage)).tokenType);
      `),
      { env: emulator.env },
    );
    expect(stdout).toContain("true Bearer");
    expect(exitCode).toBe(0);
    expect(emulator.journal.list({ refusal: "wrong-secret" })).toHaveLength(1);
  });
});

describe("the environment of the process", () => {
  it("is where the variables are by default, and where a new value is found", async () => {
    const { stdout } = await runNode(
      program(`
        const { IDENTITY_HEADER } = process.env;
        process.env.IDENTITY_HEADER = "wrong";
        const credential = new AppServiceMsiCredential();
        console.log(await credential.getToken(storage).catch((e) => e.code));
        process.env.IDENTITY_HEADER = IDENTITY_HEADER;
        console.log((await credential.getToken(storage)).tokenType);
      `),
      { env: emulator.env },
    );
    expect(stdout).toMatch(/UNAUTHORIZED\nBearer/);
  });

  it("turns the log on by AZURE_LOG_LEVEL, on stderr, without the secret and the token", async () => {
    const { stdout, stderr } = await runNode(
      program(`console.log("got", (await new AppServiceMsiCredential().getToken(storage)).token)`),
      { env: { ...emulator.env, AZURE_LOG_LEVEL: "verbose" } },
    );
    const [, token = "nothing"] = /got (\S+)/.exec(stdout) ?? [];
    expect(token.split(".")).toHaveLength(3);
    expect(stderr).toContain("azure:appservice-msi:info");
    expect(stderr).not.toContain(emulator.env.IDENTITY_HEADER);
    expect(stderr).not.toContain(token);
  });

  it("leaves stdout and stderr alone otherwise", async () => {
    const quiet = `
      import { AppServiceMsiCredential } from "@appservice-msi/credential";
      await new AppServiceMsiCredential().getToken("https://storage.azure.com/.default");
    `;
    expect(await runNode(quiet, { env: emulator.env })).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });
});

it("a credential for each call leaves no memory behind when it is gone", async () => {
  const { stdout, exitCode } = await runNode(
    `
      import { AppServiceMsiCredential } from "@appservice-msi/credential";
      import { createHttpHeaders } from "@azure/core-rest-pipeline";
      const answer = JSON.stringify({ access_token: "t", expires_in: "3600", token_type: "Bearer" });
      const httpClient = {
        sendRequest: async (request) => ({ request, status: 200, headers: createHttpHeaders(), bodyAsText: answer }),
      };
      const env = { IDENTITY_ENDPOINT: "http://127.0.0.1/msi/token", IDENTITY_HEADER: "secret" };
      async function usedInBytes(calls) {
        for (let call = 0; call < calls; call += 1) {
          await new AppServiceMsiCredential({ env, httpClient }).getToken("https://vault.azure.net/.default");
        }
        await new Promise((resolve) => setImmediate(resolve));
        gc();
        return process.memoryUsage().heapUsed;
      }
      const before = await usedInBytes(500);
      console.log(Math.round(((await usedInBytes(2000)) - before) / 2000));
    `,
    { nodeOptions: ["--expose-gc"] },
  );

  expect(exitCode).toBe(0);
  expect(Number(stdout)).toBeLessThan(300); // bytes for each credential
});
