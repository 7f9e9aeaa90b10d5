import { describe, expect, it } from "vitest";
import { ask, ask2017, vault } from "../testing/ask.ts";
import { startEmulator } from "./index.ts";

describe("the journal", () => {
  it("tells of a request everything but the secret and the token", async () => {
    await using emulator = await startEmulator({ secret: "the-secret" });
    const { systemAssigned } = emulator.identities;
    emulator.clock.freeze("2030-06-20T12:00:00Z");
    const response = await ask(emulator.env, { "the-secret": "the-secret" });
    expect(emulator.journal.list()).toEqual([
      {
        id: 1,
        time: Date.UTC(2030, 5, 20, 12),
        method: "GET",
        path: "/msi/token",
        apiVersion: "2019-08-01",
        resource: vault,
        identity: { kind: "systemAssigned" },
        status: 200,
        durationInMs: expect.any(Number),
        tokensFrom: "emulator",
        claims: expect.objectContaining({ oid: systemAssigned?.objectId, aud: vault }),
        userAgent: "node",
      },
    ]);
    const text = JSON.stringify(emulator.journal.list());
    expect(text).not.toContain("the-secret");
    expect(text).not.toContain((await response.text()).split('"')[3]);
  });

  it("tells why a request was refused, and which fault it met", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("status-503", { times: 1 });
    await ask(emulator.env);
    await ask(emulator.env, { client_id: "unknown" });
    expect(emulator.journal.list()).toMatchObject([
      { status: 503, fault: "status-503" },
      { status: 400, refusal: "unknown-identity", identity: { kind: "clientId", id: "unknown" } },
    ]);
  });

  it("keeps secrets and tokens out even where they do not belong", async () => {
    await using emulator = await startEmulator({ secret: "the-secret" });
    await fetch(`${emulator.url}/the-secret?api-version=the-secret`, {
      headers: { "user-agent": "eyJhbGciOi.eyJhdWQiOi.c2lnbmF0dXJl" },
    });
    await ask(emulator.env, { resource: `the-secret${"x".repeat(9999)}`, client_id: "\u0007bell" });
    const text = JSON.stringify(emulator.journal.list());
    expect(text).not.toContain("the-secret");
    expect(text).not.toContain("eyJ");
    expect(text).not.toContain("\\u0007");
    expect(text.length).toBeLessThan(2000);
  });

  it("shows fifty callers of a cached token as the requests they were", async () => {
    await using emulator = await startEmulator();
    await Promise.all(Array.from({ length: 50 }, () => ask(emulator.env)));
    expect(emulator.journal.list({ resource: vault, status: 200 })).toHaveLength(50);
  });

  it("keeps the last 500 requests", async () => {
    await using emulator = await startEmulator();
    for (let index = 0; index < 51; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- ten at a time
      await Promise.all(Array.from({ length: 10 }, () => ask(emulator.env)));
    }
    const entries = emulator.journal.list();
    expect(entries).toHaveLength(500);
    expect(entries[0]?.id).toBe(11);
  });

  it("tells of an open request at once, and of its duration when it has ended", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("slow-headers", { delayInMs: 30 });
    const seen: (number | undefined)[] = [];
    const stop = emulator.journal.subscribe((entry) => seen.push(entry.durationInMs));
    await ask(emulator.env);
    stop();
    await ask(emulator.env);
    expect(seen).toEqual([undefined, expect.any(Number)]);
    expect(emulator.journal.list()[0]?.durationInMs).toBeGreaterThanOrEqual(25);
  });

  it("ends the entry of a caller who goes away", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("hang");
    await expect(ask(emulator.env, {}, AbortSignal.timeout(20))).rejects.toThrow();
    await expect.poll(() => emulator.journal.list()[0]?.durationInMs).toEqual(expect.any(Number));
    expect(emulator.journal.list()[0]).not.toHaveProperty("status");
  });

  it("lists by property and by function", async () => {
    await using emulator = await startEmulator();
    await Promise.all([ask(emulator.env), ask2017(emulator.env), ask2017(emulator.env)]);
    expect(emulator.journal.list({ apiVersion: "2017-09-01" })).toHaveLength(2);
    expect(emulator.journal.list(({ id }) => id === 1)).toHaveLength(1);
  });

  it("is empty after clear(), and goes on counting", async () => {
    await using emulator = await startEmulator();
    await ask(emulator.env);
    emulator.journal.clear();
    expect(emulator.journal.list()).toEqual([]);
    await ask(emulator.env);
    expect(emulator.journal.list()[0]?.id).toBe(2);
  });
});

describe("next", () => {
  it("waits for the next request that matches, not for one that was there before", async () => {
    await using emulator = await startEmulator();
    await ask(emulator.env);
    const next = emulator.journal.next({ apiVersion: "2017-09-01" });
    await ask(emulator.env);
    await ask2017(emulator.env);
    expect(await next).toMatchObject({ id: 3, apiVersion: "2017-09-01" });
  });

  it("takes a function, and is not disturbed by clear()", async () => {
    await using emulator = await startEmulator();
    const next = emulator.journal.next(({ resource }) => resource === vault);
    emulator.journal.clear();
    await ask(emulator.env);
    expect(await next).toMatchObject({ resource: vault });
  });

  it("rejects after its time, when aborted, and when the emulator closes", async () => {
    const emulator = await startEmulator();
    await expect(emulator.journal.next({}, { timeoutInMs: 5 })).rejects.toThrow("no such request came within 5 ms");
    const aborted = new AbortController();
    const waiting = emulator.journal.next({}, { abortSignal: aborted.signal });
    aborted.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(emulator.journal.next({}, { abortSignal: aborted.signal })).rejects.toThrow("enough");
    const last = emulator.journal.next();
    await emulator.close();
    await expect(last).rejects.toThrow("the emulator was closed");
  });
});

describe("subscribe", () => {
  it("goes on when a listener throws, and lets the error be seen", async () => {
    await using emulator = await startEmulator();
    const seen: number[] = [];
    const errors: unknown[] = [];
    const keep = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => errors.push(error));
    let thrown = false;
    emulator.journal.subscribe(() => {
      if (!thrown) {
        thrown = true;
        throw new Error("mine");
      }
    });
    emulator.journal.subscribe(({ id }) => seen.push(id));
    await ask(emulator.env);
    keep.forEach((listener) => process.on("uncaughtException", listener));
    expect(seen).toEqual([1, 1]);
    expect(errors).toEqual([new Error("mine")]);
  });
});
