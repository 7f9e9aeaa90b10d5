import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ask, read } from "../testing/ask.ts";
import { type ArmedFault, type Emulator, startEmulator } from "./index.ts";

// One for all tests, since making its keys takes the most time; every test finds it as at the start.
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ secret: "first" });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

function key(): string {
  return new URL(emulator.dashboardUrl).hash.replace("#key=", "");
}

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${emulator.url}/_emulator/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

/** Sends headers that fetch would not, and gives the status. */
async function statusWith(path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request(`${emulator.url}${path}`, { headers, setHost: false }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on("error", reject)
    .end();
  return promise;
}

describe("the control API", () => {
  it("answers health to anyone on this machine, and everything else to those with the key", async () => {
    const health = await fetch(`${emulator.url}/_emulator/health`);
    expect(await read<unknown>(health)).toEqual({ status: "ok", name: "@appservice-msi/emulator" });
    for (const path of ["state", "env", "journal", "faults", "clock", "events", "nothing"]) {
      // oxlint-disable-next-line no-await-in-loop -- few, and easier to read
      const response = await fetch(`${emulator.url}/_emulator/${path}`);
      expect(response.status).toBe(401);
      // oxlint-disable-next-line no-await-in-loop -- few, and easier to read
      expect((await call("GET", path, undefined, { authorization: "Bearer wrong" })).status).toBe(401);
    }
  });

  it("does not take the secret of the endpoint for its key, nor the key for the secret", async () => {
    const secret = emulator.env.IDENTITY_HEADER ?? "";
    expect((await call("GET", "env", undefined, { authorization: `Bearer ${secret}` })).status).toBe(401);
    expect((await ask({ ...emulator.env, IDENTITY_HEADER: key() })).status).toBe(403);
  });

  it("tells the state without the secret", async () => {
    emulator.clock.freeze(0);
    const hang = emulator.faults.arm("hang");
    const state = await read<Record<string, unknown>>(call("GET", "state"));
    expect(state).toEqual({
      url: emulator.url,
      host: "app-service-linux",
      hostTitle: "App Service on Linux",
      endpoint: emulator.env.IDENTITY_ENDPOINT,
      variables: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"],
      apiVersions: ["2019-08-01", "2017-09-01"],
      tenantId: emulator.tenantId,
      tokensFrom: "emulator",
      identities: emulator.identities,
      clock: { now: 0, frozen: true },
      armed: [hang],
    });
    expect(JSON.stringify(state)).not.toContain(emulator.env.IDENTITY_HEADER);
  });

  it("tells the variables, and changes the secret", async () => {
    expect(await read<unknown>(call("GET", "env"))).toEqual(emulator.env);
    const before = emulator.env.IDENTITY_HEADER;
    expect(await read<unknown>(call("POST", "secret"))).toEqual(emulator.env);
    expect(emulator.env.IDENTITY_HEADER).not.toBe(before);
  });

  it("lists, filters and clears the journal", async () => {
    await ask(emulator.env);
    await ask(emulator.env, { client_id: "unknown" });
    expect(await read<unknown>(call("GET", "journal"))).toEqual(emulator.journal.list());
    expect(await read<unknown[]>(call("GET", "journal?status=400"))).toHaveLength(1);
    expect((await call("DELETE", "journal")).status).toBe(204);
    expect(emulator.journal.list()).toEqual([]);
  });

  it("lists, arms and clears faults", async () => {
    const response = await call("POST", "faults", { name: "slow-body", times: 2, durationInMs: 5 });
    expect(response.status).toBe(201);
    const armed = await read<ArmedFault>(response);
    expect(emulator.faults.armed()).toEqual([armed]);
    expect(await read<unknown>(call("GET", "faults"))).toEqual({
      known: emulator.faults.list(),
      armed: emulator.faults.armed(),
    });
    emulator.faults.arm("hang");
    emulator.faults.arm("html");
    await call("DELETE", `faults/${armed.id}`);
    await call("DELETE", "faults/hang");
    expect(emulator.faults.armed().map(({ name }) => name)).toEqual(["html"]);
    await call("DELETE", "faults");
    expect(emulator.faults.armed()).toEqual([]);
  });

  it("moves the clock", async () => {
    const move = (body: unknown): Promise<unknown> => read(call("POST", "clock", body));
    expect(await move({ freeze: "2030-01-01T00:00:00Z" })).toEqual({ now: Date.UTC(2030, 0, 1), frozen: true });
    expect(await move({ advance: 1000 })).toEqual({ now: Date.UTC(2030, 0, 1, 0, 0, 1), frozen: true });
    expect(await move({ set: 5000 })).toEqual({ now: 5000, frozen: true });
    expect(await move({ resume: true })).toMatchObject({ frozen: false });
    expect(await move({ freeze: true })).toMatchObject({ frozen: true });
    expect(await read<unknown>(call("GET", "clock"))).toMatchObject({ frozen: true });
  });

  it("brings everything back to the start", async () => {
    emulator.rotateSecret();
    emulator.faults.arm("hang");
    emulator.clock.freeze(0);
    expect((await call("POST", "reset")).status).toBe(204);
    expect(emulator.env.IDENTITY_HEADER).toBe("first");
    expect(emulator.faults.armed()).toEqual([]);
    expect(emulator.clock.frozen).toBe(false);
  });

  it("does not let itself be silenced while the clock stands still", async () => {
    emulator.clock.freeze();
    expect((await call("POST", "faults", { name: "not-listening" })).status).toBe(409);
    expect(emulator.faults.armed()).toEqual([]);
  });

  it.each([
    ["a fault there is not", "POST", "faults", { name: "typo" }, 400, "BadValue"],
    ["a fault without a name", "POST", "faults", {}, 400, "BadValue"],
    ["to clear a fault there is not", "DELETE", "faults/typo", undefined, 400, "BadValue"],
    ["a parameter that will not do", "POST", "faults", { name: "status", status: 1 }, 400, "BadValue"],
    ["a time that is none", "POST", "clock", { set: "soon" }, 400, "BadValue"],
    ["a time of another type", "POST", "clock", { freeze: {} }, 400, "BadValue"],
    ["no verb for the clock", "POST", "clock", {}, 400, "BadBody"],
    ["two verbs for the clock", "POST", "clock", { set: 1, advance: 1 }, 400, "BadBody"],
    ["a verb of every object", "POST", "clock", { toString: 1 }, 400, "BadBody"],
    ["JSON that is none", "POST", "faults", "{", 400, "BadBody"],
    ["JSON that is no object", "POST", "faults", "[]", 400, "BadBody"],
    ["a body without end", "POST", "faults", "x".repeat(100_000), 413, "BodyTooLong"],
    ["a path there is not", "GET", "toString", undefined, 404, "NotFound"],
    ["a path below one", "GET", "state/x", undefined, 404, "NotFound"],
    ["another verb", "PUT", "state", undefined, 405, "WrongVerb"],
  ])("refuses %s", async (_, method, path, body, status, code) => {
    const response = await call(method, path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/\.$|^.{10,}$/s) } });
  });

  it("wants JSON to be called JSON, so that no form of a web page passes for it", async () => {
    const response = await call("POST", "faults", '{"name":"hang"}', { "content-type": "text/plain" });
    expect(response.status).toBe(415);
  });

  it("turns away other Host names, whatever the path", async () => {
    const { port } = new URL(emulator.url);
    for (const path of ["/_emulator/health", "/_emulator/", "/msi/token", "/discovery/keys"]) {
      for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1:1", "127.0.0.1", ""]) {
        // oxlint-disable-next-line no-await-in-loop -- few, and easier to read
        expect(await statusWith(path, { host })).toBe(403);
      }
    }
    for (const name of ["localhost", "LOCALHOST", "127.0.0.1", "host.docker.internal"]) {
      // oxlint-disable-next-line no-await-in-loop -- few, and easier to read
      expect(await statusWith("/_emulator/health", { host: `${name}:${port}` })).toBe(200);
    }
  });

  it("turns away pages of other origins, whatever the path", async () => {
    const host = new URL(emulator.url).host;
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1", `https://${host}`]) {
      // oxlint-disable-next-line no-await-in-loop -- few, and easier to read
      expect(await statusWith("/_emulator/health", { host, origin })).toBe(403);
    }
    expect(await statusWith("/_emulator/health", { host, origin: emulator.url })).toBe(200);
  });
});

describe("the event stream", () => {
  it("begins with state and journal, and tells of every request and change", async () => {
    const response = await call("GET", "events");
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    const receive = async (count: number): Promise<string[]> => {
      while (received.split("\n\n").length <= count) {
        // oxlint-disable-next-line no-await-in-loop -- chunk after chunk
        received += (await reader?.read())?.value ?? "";
      }
      return received.split("\n\n").flatMap((event) => /^event: (\w+)/.exec(event)?.[1] ?? []);
    };
    expect(await receive(2)).toEqual(["state", "journal"]);
    await ask(emulator.env);
    expect(await receive(4)).toEqual(["state", "journal", "request", "request"]);
    emulator.faults.arm("hang");
    emulator.journal.clear();
    expect((await receive(6)).slice(4)).toEqual(["state", "journal"]);
    expect(received).not.toContain(emulator.env.IDENTITY_HEADER);
    await reader?.cancel();
  });
});

describe("the page", () => {
  it.each([
    ["", "text/html; charset=utf-8"],
    ["dashboard.css", "text/css; charset=utf-8"],
    ["dashboard.js", "text/javascript; charset=utf-8"],
    ["requests.js", "text/javascript; charset=utf-8"],
    ["icon.svg", "image/svg+xml"],
  ])("is served without the key, and holds nothing of this emulator: %j", async (path, type) => {
    const response = await fetch(`${emulator.url}/_emulator/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    const body = await response.text();
    expect(body).not.toContain(key());
    expect(body).not.toMatch(/<script>|style="|\son\w+="|innerHTML/);
  });

  it("is found without the slash too", async () => {
    expect((await fetch(`${emulator.url}/_emulator`)).url).toBe(`${emulator.url}/_emulator/`);
  });

  it("is not a way to other files", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    request(emulator.url, { path: "/_emulator/../package.json" }, (response) => resolve(text(response))).end();
    expect(await promise).not.toContain("appservice-msi/emulator");
  });
});
