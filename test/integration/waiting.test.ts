import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import net from "node:net";
import { networkInterfaces } from "node:os";
import { inspect } from "node:util";
import { AppServiceMsiCredential, type AppServiceMsiCredentialOptions } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import type { GetTokenOptions } from "@azure/core-auth";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const storage = "https://storage.azure.com/.default";
const vault = "https://vault.azure.net/.default";
const secret = "s-CANARY-s";

const running = new Set<Server | net.Server>();

afterEach(() => {
  for (const server of running) {
    (server as Server).closeAllConnections?.();
    server.close();
  }
  running.clear();
});

/** A server of the test's own, closed when the test ends, and the variables that lead to it. */
async function serve(server: Server | net.Server): Promise<Record<string, string>> {
  running.add(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return variablesFor((server.address() as net.AddressInfo).port);
}

function serveHttp(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Record<string, string>> {
  return serve(createServer(answer));
}

function variablesFor(port: number): Record<string, string> {
  return { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: secret };
}

async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

type Signal = NonNullable<GetTokenOptions["abortSignal"]>;
type Listener = Parameters<Signal["addEventListener"]>[1];

const tokenBody = JSON.stringify({
  access_token: "a.b.c",
  token_type: "Bearer",
  expires_on: Date.now() / 1000 + 86_400,
});
const fewRetries = { maxRetries: 1, retryDelayInMs: 10 };

function credentialFor(
  env: Record<string, string>,
  options: AppServiceMsiCredentialOptions = {},
): AppServiceMsiCredential {
  return new AppServiceMsiCredential({ env, ...options });
}

/** Well below the time that an attempt may take, also on a busy machine. */
const soonInMs = 3000;

/** How long it takes from now until the connection is closed, in milliseconds. */
async function closingOf({ socket }: IncomingMessage): Promise<number> {
  const start = performance.now();
  await once(socket, "close");
  return performance.now() - start;
}

async function timed(got: Promise<unknown>): Promise<{ error: unknown; tookInMs: number }> {
  const start = performance.now();
  const error = await got.then(
    (token) => ({ token }),
    (reason: unknown) => reason,
  );
  return { error, tookInMs: performance.now() - start };
}

describe("callers at the same time", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());
  afterEach(() => emulator.reset());

  it("are a thousand and cold, and make one request", async () => {
    const credential = new AppServiceMsiCredential({ env: emulator.env });
    const got = await Promise.all(Array.from({ length: 1000 }, () => credential.getToken(storage)));
    expect(new Set(got).size).toBe(1);
    expect(emulator.journal.list()).toHaveLength(1);
  });

  it("make one request for each resource", async () => {
    const credential = new AppServiceMsiCredential({ env: emulator.env });
    const scopes = Array.from({ length: 300 }, (_, index) => `https://resource-${index % 3}.test/.default`);
    await Promise.all(scopes.map((scope) => credential.getToken(scope)));
    expect(emulator.journal.list()).toHaveLength(3);
    expect(new Set(emulator.journal.list().map(({ resource }) => resource)).size).toBe(3);
  });

  it("make no request when they are aborted already, token at hand or not", async () => {
    const credential = new AppServiceMsiCredential({ env: emulator.env });
    const abortSignal = AbortSignal.abort(new Error("never mind"));
    const cold = credential.getToken(storage, { abortSignal });
    await expect(cold).rejects.toMatchObject({ name: "AbortError", cause: { message: "never mind" } });
    expect(emulator.journal.list()).toEqual([]);
    await credential.getToken(storage);
    await expect(credential.getToken(storage, { abortSignal })).rejects.toMatchObject({ name: "AbortError" });
    await expect(credential.getToken(storage, { abortSignal, claims: "{}" })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(emulator.journal.list()).toHaveLength(1);
  });

  it("leave nothing behind on their abort signal", async () => {
    const credential = new AppServiceMsiCredential({ env: emulator.env });
    const { signal: abortSignal } = new AbortController();
    await Promise.all([storage, storage, vault].map((scope) => credential.getToken(scope, { abortSignal })));
    expect(getEventListeners(abortSignal, "abort")).toEqual([]);
  });
});

describe("a caller who aborts", () => {
  it("is rejected at once, and a request that nobody else waits for is cancelled", async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    const env = await serveHttp((request) => arrived.resolve(request));
    const controller = new AbortController();
    const got = timed(credentialFor(env).getToken(storage, { abortSignal: controller.signal }));
    const request = await arrived.promise;
    const closed = closingOf(request);
    controller.abort("enough");
    const { error } = await got;
    expect(error).toMatchObject({ name: "AbortError", cause: "enough" });
    expect(await closed).toBeLessThan(soonInMs);
  });

  it("takes nothing from the others, whose request goes on", async () => {
    const arrived = Promise.withResolvers<ServerResponse>();
    let requests = 0;
    const env = await serveHttp((_request, response) => {
      requests += 1;
      arrived.resolve(response);
    });
    const credential = credentialFor(env);
    const first = new AbortController();
    const aborting = credential.getToken(storage, { abortSignal: first.signal });
    const staying = [
      credential.getToken(storage),
      credential.getToken(storage, { abortSignal: new AbortController().signal }),
    ];
    const response = await arrived.promise;
    first.abort();
    await expect(aborting).rejects.toMatchObject({ name: "AbortError" });
    response.end(tokenBody);
    await expect(Promise.all(staying)).resolves.toMatchObject([{ token: "a.b.c" }, { token: "a.b.c" }]);
    expect(requests).toBe(1);
  });

  it("is one of many: when the last of them has gone the request is cancelled, and the next caller makes a new one", async () => {
    const connections: IncomingMessage[] = [];
    const env = await serveHttp((request, response) => {
      connections.push(request);
      if (connections.length > 1) {
        response.end(tokenBody);
      }
    });
    const credential = credentialFor(env);
    const controllers = [1, 2, 3].map(() => new AbortController());
    const all = controllers.map(({ signal: abortSignal }) => credential.getToken(storage, { abortSignal }));
    await expect.poll(() => connections.length).toBe(1);
    const closed = closingOf(connections[0] as IncomingMessage);
    for (const [index, controller] of controllers.entries()) {
      expect(connections[0]?.socket.destroyed).toBe(false);
      controller.abort();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(all[index]).rejects.toMatchObject({ name: "AbortError" });
    }
    expect(await closed).toBeLessThan(soonInMs);
    await expect(credential.getToken(storage)).resolves.toMatchObject({ token: "a.b.c" });
  });

  it("in a pause between tries is rejected at once, and no try follows", async () => {
    let requests = 0;
    const env = await serveHttp((_request, response) => {
      requests += 1;
      response.writeHead(503).end();
    });
    const controller = new AbortController();
    const retryOptions = { maxRetries: 5, retryDelayInMs: 200 };
    const got = timed(credentialFor(env, { retryOptions }).getToken(storage, { abortSignal: controller.signal }));
    await expect.poll(() => requests).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    expect((await got).error).toMatchObject({ name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(requests).toBe(1);
  });

  it("may bring the abort signal of another library", async () => {
    const listeners = new Set<Listener>();
    const abortSignal: Signal = {
      aborted: false,
      addEventListener: (_type, listener) => listeners.add(listener),
      removeEventListener: (_type, listener) => listeners.delete(listener),
    };
    const env = await serveHttp(() => {});
    const got = timed(credentialFor(env).getToken(storage, { abortSignal }));
    await expect.poll(() => listeners.size).toBe(1);
    for (const listener of listeners) {
      listener.call(abortSignal, { type: "abort" });
    }
    expect((await got).error).toMatchObject({ name: "AbortError" });
    expect(listeners.size).toBe(0);
  });
});

describe("an endpoint that is too slow", () => {
  it("and never answers is TIMEOUT when the time is over, and its connection is closed", async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    const env = await serveHttp((request) => arrived.resolve(request));
    const got = timed(credentialFor(env, { timeoutInMs: 200 }).getToken(storage));
    const closed = arrived.promise.then(closingOf);
    const { error, tookInMs } = await got;
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(tookInMs).toBeGreaterThan(190);
    expect(tookInMs).toBeLessThan(soonInMs);
    expect(await closed).toBeLessThan(soonInMs);
  });

  it("and accepts the connection but reads nothing is TIMEOUT", async () => {
    const env = await serve(net.createServer((socket) => void socket.pause().on("error", () => {})));
    const { error } = await timed(
      credentialFor(env, { attemptTimeoutInMs: 100, retryOptions: fewRetries }).getToken(storage),
    );
    expect(error).toMatchObject({ code: "TIMEOUT" });
  });

  it("and stops after its headers is TIMEOUT: the limit is for the body too", async () => {
    const env = await serveHttp(
      (_request, response) => void response.writeHead(200, { "content-length": 500 }).write("{"),
    );
    const options = { attemptTimeoutInMs: 100, retryOptions: fewRetries };
    const { error, tookInMs } = await timed(credentialFor(env, options).getToken(storage));
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(tookInMs).toBeLessThan(soonInMs);
  });

  it("and sends its body drop by drop is TIMEOUT", async () => {
    const env = await serveHttp((_request, response) => {
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    const { error } = await timed(credentialFor(env, { timeoutInMs: 250 }).getToken(storage));
    expect(error).toMatchObject({ code: "TIMEOUT" });
  });

  it("for one attempt is overcome by the next", async () => {
    let requests = 0;
    const env = await serveHttp((_request, response) => {
      requests += 1;
      if (requests > 1) {
        response.end(tokenBody);
      }
    });
    const options = { attemptTimeoutInMs: 250, retryOptions: { maxRetries: 5, retryDelayInMs: 10 } };
    await expect(credentialFor(env, options).getToken(storage)).resolves.toMatchObject({ token: "a.b.c" });
  });
});

describe("an endpoint that breaks off", () => {
  it.each<[what: string, answer: (response: ServerResponse) => void, code: string]>([
    ["without a word", (response) => void response.socket?.destroy(), "UNREACHABLE"],
    ["with a reset", (response) => void response.socket?.resetAndDestroy(), "UNREACHABLE"],
    [
      "in the middle of a body of known length",
      (response) =>
        void response
          .writeHead(200, { "content-length": 500 })
          .write('{"access_token":"', () => response.socket?.destroy()),
      "INVALID_RESPONSE",
    ],
    [
      "in the middle of a body of unknown length",
      (response) => void response.writeHead(200).write('{"access_token":"', () => response.socket?.destroy()),
      "INVALID_RESPONSE",
    ],
  ])("%s is asked again", async (_what, answer, code) => {
    let requests = 0;
    const env = await serveHttp((_request, response) => {
      requests += 1;
      answer(response);
    });
    const { error } = await timed(
      credentialFor(env, { retryOptions: { maxRetries: 2, retryDelayInMs: 10 } }).getToken(storage),
    );
    expect(error).toMatchObject({ code });
    expect(requests).toBe(3);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("CANARY");
  });

  it("for want of HTTP is INVALID_RESPONSE, and is not asked again", async () => {
    let connections = 0;
    const env = await serve(
      net.createServer((socket) => {
        connections += 1;
        socket.on("error", () => {}).end(`SSH-2.0-${secret}\r\n`);
      }),
    );
    const { error } = await timed(credentialFor(env, { retryOptions: fewRetries }).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE" });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("CANARY");
    expect(connections).toBe(1);
  });

  it("by never ending its body is INVALID_RESPONSE at 1 MiB, and its connection is closed", async () => {
    const closed = Promise.withResolvers<number>();
    const env = await serveHttp((_request, response) => {
      let sentBytes = 0;
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const send = (): void => {
        while (!response.destroyed && response.write(chunk)) {
          sentBytes += chunk.length;
        }
      };
      response.writeHead(200, { "content-type": "application/json" });
      response.on("drain", send).on("close", () => closed.resolve(sentBytes));
      send();
    });
    const { error } = await timed(credentialFor(env).getToken(storage));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE" });
    expect(await closed.promise).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("an endpoint that is not there", () => {
  it("is UNREACHABLE after a few quick tries, and told by host and port", async () => {
    const port = await unusedPort();
    const { error, tookInMs } = await timed(
      credentialFor(variablesFor(port), { retryOptions: fewRetries }).getToken(storage),
    );
    expect(error).toMatchObject({ code: "UNREACHABLE", cause: { code: "ECONNREFUSED" } });
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    expect(tookInMs).toBeLessThan(soonInMs);
  });

  it("but comes up late is waited for", async () => {
    const port = await unusedPort();
    const started = new Promise<Emulator>((resolve) => {
      setTimeout(() => resolve(startEmulator({ port, secret: "late-secret" })), 300);
    });
    const env = { ...variablesFor(port), IDENTITY_HEADER: "late-secret" };
    const retryOptions = { maxRetries: 20, retryDelayInMs: 100, maxRetryDelayInMs: 100 };
    const got = credentialFor(env, { retryOptions }).getToken(storage);
    await using emulator = await started;
    await expect(got).resolves.toMatchObject({ tokenType: "Bearer" });
    expect(emulator.journal.list()).toHaveLength(1);
  });

  it("by a name that does not exist is UNREACHABLE", async () => {
    const env = { IDENTITY_ENDPOINT: "http://no-such-host.invalid:8081/msi/token", IDENTITY_HEADER: secret };
    const { error } = await timed(
      credentialFor(env, { timeoutInMs: 5000, retryOptions: { maxRetries: 0 } }).getToken(storage),
    );
    expect(error).toMatchObject({ code: "UNREACHABLE" });
    expect(String(error)).toContain("no-such-host.invalid:8081");
  });
});

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

it.runIf(hasIPv6)("an endpoint at an IPv6 address is asked there", async () => {
  const server = createServer((_request, response) => void response.end(tokenBody));
  running.add(server);
  server.listen(0, "::1");
  await once(server, "listening");
  const url = `http://[::1]:${(server.address() as net.AddressInfo).port}/msi/token`;
  const got = credentialFor({ IDENTITY_ENDPOINT: url, IDENTITY_HEADER: secret }, { retryOptions: { maxRetries: 0 } });
  await expect(got.getToken(storage)).resolves.toMatchObject({ token: "a.b.c" });
});

it("a status line that holds the secret is told to nobody", async () => {
  const env = await serveHttp((_request, response) => void response.writeHead(400, `No ${secret}`).end());
  const { error } = await timed(credentialFor(env).getToken(storage));
  expect(error).toMatchObject({ code: "REJECTED" });
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("CANARY");
});

it("a redirect is not followed on a real connection", async () => {
  const paths: (string | undefined)[] = [];
  const env = await serveHttp((request, response) => {
    paths.push(request.url?.split("?", 1)[0]);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const { error } = await timed(credentialFor(env).getToken(storage));
  expect(error).toMatchObject({ code: "INVALID_RESPONSE", statusCode: 307 });
  expect(paths).toEqual(["/msi/token"]);
});
