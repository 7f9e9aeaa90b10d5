import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ask, ask2017, read, vault } from "../testing/ask.ts";
import { faultTable } from "./fault-table.ts";
import { type Emulator, startEmulator } from "./index.ts";

// One for all tests, since making its keys takes the most time; every test finds it as at the start.
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ tokenLifetimeInMs: 3_600_000 });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** What a caller gets that does not wait for long. */
async function askBriefly(env: Parameters<typeof ask>[0]): Promise<string> {
  try {
    const response = await ask(env, {}, AbortSignal.timeout(100));
    await response.text();
    return String(response.status);
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "waited in vain" : "connection lost";
  }
}

describe("a fault", () => {
  it.each([404, 429, 500, 502, 503, 504] as const)("status-%i answers with that status", async (status) => {
    emulator.faults.arm(`status-${status}`, { times: 1, retryAfterInSeconds: 7 });
    const response = await ask(emulator.env);
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe("7");
    expect((await ask(emulator.env)).status).toBe(200);
  });

  it("status answers with any status, and without Retry-After unless asked for", async () => {
    emulator.faults.arm("status", { status: 418 });
    const response = await ask(emulator.env);
    expect(response.status).toBe(418);
    expect(response.headers.has("retry-after")).toBe(false);
  });

  it("outage lasts for a while on the clock", async () => {
    emulator.faults.arm("outage", { forInMs: 60_000 });
    expect((await ask(emulator.env)).status).toBe(503);
    emulator.clock.advance(59_000);
    expect((await ask2017(emulator.env)).status).toBe(503);
    emulator.clock.advance(1000);
    expect((await ask(emulator.env)).status).toBe(200);
    expect(emulator.faults.armed()).toEqual([]);
  });

  it("not-listening refuses connections until its time is over on the clock", async () => {
    await using silent = await startEmulator();
    silent.faults.arm("not-listening", { forInMs: 10_000 });
    await expect(ask(silent.env)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    silent.clock.advance(10_000);
    expect((await ask(silent.env)).status).toBe(200);
  });

  it("not-listening ends the connections that nobody uses at the moment", async () => {
    await ask(emulator.env);
    emulator.faults.arm("not-listening");
    await expect(ask(emulator.env)).rejects.toThrow();
  });

  it("not-listening ends by itself, and when it is cleared", async () => {
    emulator.faults.arm("not-listening", { forInMs: 50 });
    await expect(ask(emulator.env)).rejects.toThrow();
    await expect.poll(() => askBriefly(emulator.env)).toBe("200");
    emulator.faults.arm("not-listening");
    await expect(ask(emulator.env)).rejects.toThrow();
    emulator.faults.clear();
    expect((await ask(emulator.env)).status).toBe(200);
  });

  it("not-listening does not keep an emulator from closing", async () => {
    const silent = await startEmulator();
    silent.faults.arm("not-listening");
    await silent.close();
    await expect(ask(silent.env)).rejects.toThrow();
  });

  it("slow-headers makes the whole answer late", async () => {
    emulator.faults.arm("slow-headers", { delayInMs: 60, times: 1 });
    const before = performance.now();
    const response = await ask(emulator.env);
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
    expect(response.status).toBe(200);
  });

  it("slow-body sends the headers at once and the body drop by drop", async () => {
    emulator.faults.arm("slow-body", { durationInMs: 60, times: 1 });
    const response = await ask(emulator.env);
    const headersAt = performance.now();
    expect((await read(response)).resource).toBe(vault);
    expect(performance.now() - headersAt).toBeGreaterThanOrEqual(40);
  });

  it("hang never answers, and close() ends the connection", async () => {
    const hanging = await startEmulator();
    hanging.faults.arm("hang");
    expect(await askBriefly(hanging.env)).toBe("waited in vain");
    const entry = hanging.journal.next();
    const waiting = ask(hanging.env);
    expect(await entry).toMatchObject({ fault: "hang" });
    await Promise.all([expect(waiting).rejects.toThrow(), hanging.close()]);
  });

  it("reset resets the connection", async () => {
    emulator.faults.arm("reset");
    await expect(ask(emulator.env)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  it("truncated-body ends the connection in the middle of the body", async () => {
    emulator.faults.arm("truncated-body");
    const response = await ask(emulator.env);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it.each([
    ["html", "text/html; charset=utf-8", /^<!doctype html>/],
    ["empty", "application/json; charset=utf-8", /^$/],
    ["malformed-json", "application/json; charset=utf-8", /^\{"token_type":"Bearer",$/],
    ["null", "application/json; charset=utf-8", /^null$/],
  ] as const)("%s answers 200 with a body that is no token", async (name, type, body) => {
    emulator.faults.arm(name);
    const response = await ask(emulator.env);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(await response.text()).toMatch(body);
  });

  it.each([
    ["missing-token", "access_token"],
    ["missing-expiry", "expires_on"],
  ] as const)("%s leaves out %s", async (name, property) => {
    emulator.faults.arm(name);
    const body = await read(ask(emulator.env));
    expect(body).not.toHaveProperty(property);
    expect(body).toHaveProperty("resource", vault);
  });

  it("not-bearer names another type of token", async () => {
    emulator.faults.arm("not-bearer");
    expect(await read(ask(emulator.env))).toMatchObject({ token_type: "pop" });
  });

  it("expired-token has expired by the answer and by the token itself", async () => {
    emulator.clock.freeze("2030-06-20T12:00:00Z");
    emulator.faults.arm("expired-token", { agoInMs: 60_000, times: 1 });
    expect(await read(ask(emulator.env))).toMatchObject({ expires_on: String(Date.UTC(2030, 5, 20, 11, 59) / 1000) });
    expect(emulator.journal.list()[0]?.claims).toMatchObject({ exp: Date.UTC(2030, 5, 20, 11, 59) / 1000 });
  });

  it("short-token lives for as long as it is told to, and does not stay in the platform cache", async () => {
    emulator.clock.freeze("2030-06-20T12:00:00Z");
    emulator.faults.arm("short-token", { lifetimeInMs: 30_000, times: 1 });
    expect(await read(ask(emulator.env))).toMatchObject({
      expires_on: String(Date.UTC(2030, 5, 20, 12, 0, 30) / 1000),
    });
    expect(await read(ask(emulator.env))).toMatchObject({ expires_on: String(Date.UTC(2030, 5, 20, 13) / 1000) });
  });

  it.each([
    ["us-24h", "06/20/2030 13:00:00 +00:00"],
    ["us-12h", "6/20/2030 1:00:00 PM +00:00"],
    ["iso", "2030-06-20T13:00:00Z"],
    ["epoch-number", Date.UTC(2030, 5, 20, 13) / 1000],
    ["garbage", "in a little while"],
  ] as const)("odd-expiry writes expires_on as %s", async (form, expected) => {
    emulator.clock.freeze("2030-06-20T12:00:00Z");
    emulator.faults.arm("odd-expiry", { form });
    expect(await read(ask(emulator.env))).toMatchObject({ expires_on: expected });
  });

  it("wrong-identity hands out the token of another identity", async () => {
    const { systemAssigned, userAssigned } = emulator.identities;
    emulator.faults.arm("wrong-identity");
    const asked = { client_id: userAssigned[0]?.clientId ?? "" };
    expect(await read(ask(emulator.env, asked))).toMatchObject({ client_id: systemAssigned?.clientId });
    expect(await read(ask(emulator.env))).toMatchObject({ client_id: userAssigned[0]?.clientId });
  });

  it("wrong-identity hands out a stranger's token where the app has one identity only", async () => {
    await using lonely = await startEmulator({ userAssigned: [] });
    lonely.faults.arm("wrong-identity");
    const { client_id: clientId } = await read(ask(lonely.env));
    expect(clientId).not.toBe(lonely.identities.systemAssigned?.clientId);
  });

  it("unsupported-api-version refuses one API version and leaves the other alone", async () => {
    emulator.faults.arm("unsupported-api-version");
    const refused = await ask(emulator.env);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: "UnsupportedApiVersion" } });
    expect((await ask2017(emulator.env)).status).toBe(200);
  });

  it("secret-rotated refuses a request whose secret was right, and the next one that read the variables again", async () => {
    const before = emulator.env.IDENTITY_HEADER;
    emulator.faults.arm("secret-rotated", { times: 1 });
    expect((await ask(emulator.env)).status).toBe(403);
    expect(emulator.env.IDENTITY_HEADER).not.toBe(before);
    expect((await ask(emulator.env)).status).toBe(200);
  });
});

describe("the list of faults", () => {
  it("tells of each what it is and what a good client does about it, in one line each", () => {
    const list = emulator.faults.list();
    expect(list.map(({ name }) => name)).toEqual(Object.keys(faultTable));
    for (const { summary, advice } of list) {
      expect(summary).toMatch(/^.{8,100}$/);
      expect(advice).toMatch(/^.{20,120}\.$/);
    }
  });
});
