import { describe, expect, it } from "vitest";
import { ask } from "../testing/ask.ts";
import { connectEmulator, startEmulator } from "./index.ts";

describe("connectEmulator", () => {
  it("shows what the emulator itself shows", async () => {
    await using emulator = await startEmulator({ host: "app-service-windows" });
    await using remote = await connectEmulator(emulator.dashboardUrl);
    const { url, host, env, identities, tenantId, tokensFrom } = emulator;
    expect(remote).toMatchObject({ url, host, env, identities, tenantId, tokensFrom });
    expect(await remote.state()).toMatchObject({ url, host });
  });

  it("takes the key beside the address too", async () => {
    await using emulator = await startEmulator();
    const key = new URL(emulator.dashboardUrl).hash.replace("#key=", "");
    await using remote = await connectEmulator(emulator.url, key);
    expect(remote.url).toBe(emulator.url);
  });

  it("arms, lists and clears faults", async () => {
    await using emulator = await startEmulator();
    await using remote = await connectEmulator(emulator.dashboardUrl);
    expect(await remote.faults.list()).toEqual(emulator.faults.list());
    const armed = await remote.faults.arm("status-429", { times: 2, retryAfterInSeconds: 1 });
    expect(await remote.faults.armed()).toEqual([armed]);
    expect(emulator.faults.armed()).toEqual([armed]);
    await remote.faults.clear(armed.id);
    await remote.faults.arm("hang");
    await remote.faults.clear("hang");
    await remote.faults.arm("hang");
    await remote.faults.clear();
    expect(emulator.faults.armed()).toEqual([]);
  });

  it("refuses what the emulator itself refuses, with the same error", async () => {
    await using emulator = await startEmulator();
    await using remote = await connectEmulator(emulator.dashboardUrl);
    await expect(remote.faults.arm("hang", { times: -1 })).rejects.toThrow(
      new TypeError("times is a whole number, 1 or more"),
    );
  });

  it("moves the clock", async () => {
    await using emulator = await startEmulator();
    await using remote = await connectEmulator(emulator.dashboardUrl);
    await remote.clock.freeze(new Date(0));
    await remote.clock.advance(1000);
    expect([await remote.clock.now(), await remote.clock.frozen()]).toEqual([1000, true]);
    await remote.clock.set("1970-01-01T00:00:05Z");
    expect(emulator.clock.now()).toBe(5000);
    await remote.clock.resume();
    expect(emulator.clock.frozen).toBe(false);
    await remote.clock.freeze();
    expect(emulator.clock.frozen).toBe(true);
  });

  it("reads the journal, waits for it, follows it and clears it", async () => {
    await using emulator = await startEmulator();
    await using remote = await connectEmulator(emulator.dashboardUrl);
    const ids: number[] = [];
    const stop = await remote.journal.subscribe(({ id }) => ids.push(id));
    await ask(emulator.env);
    await expect.poll(() => ids).toEqual([1, 1]);
    stop();
    await ask(emulator.env, { client_id: "unknown" });
    expect(await remote.journal.list()).toEqual(emulator.journal.list());
    expect(await remote.journal.list({ status: 400 })).toHaveLength(1);
    expect(await remote.journal.list((entry) => entry.id === 1)).toHaveLength(1);
    const next = remote.journal.next({ status: 400 });
    const asking = setInterval(() => void ask(emulator.env, { client_id: "unknown" }), 10);
    expect(await next).toMatchObject({ refusal: "unknown-identity" });
    clearInterval(asking);
    await remote.journal.clear();
    expect(emulator.journal.list(({ id }) => id <= 2)).toEqual([]);
    expect(ids).toEqual([1, 1]);
  });

  it("shows a rotated secret, and the first one after a reset", async () => {
    await using emulator = await startEmulator({ secret: "first" });
    await using remote = await connectEmulator(emulator.dashboardUrl);
    expect(await remote.rotateSecret()).toBe(remote.env);
    expect(remote.env).toEqual(emulator.env);
    expect(remote.env.IDENTITY_HEADER).not.toBe("first");
    await remote.reset();
    expect(remote.env.IDENTITY_HEADER).toBe("first");
  });

  it("says so when the emulator is gone", async () => {
    const emulator = await startEmulator();
    await using remote = await connectEmulator(emulator.dashboardUrl);
    const { promise, resolve } = Promise.withResolvers<void>();
    await remote.journal.subscribe(() => {}, resolve);
    const next = remote.journal.next();
    await Promise.all([emulator.close(), promise, expect(next).rejects.toThrow()]);
    await expect(remote.state()).rejects.toThrow(`no emulator answers at ${remote.url}`);
  });

  it("says what is wrong with address or key", async () => {
    await using emulator = await startEmulator();
    await expect(connectEmulator(emulator.url)).rejects.toThrow(
      new TypeError("the key is missing: pass the emulator's dashboardUrl, which carries it, or the key itself"),
    );
    await expect(connectEmulator(emulator.url, "wrong")).rejects.toThrow("answered 401: Send the key");
    await expect(connectEmulator("nowhere", "key")).rejects.toBeInstanceOf(TypeError);
  });
});
