import { describe, expect, it, vi } from "vitest";
import { ArmedFaults } from "./armed-faults.ts";
import { AdjustableClock } from "./clock.ts";
import type { FaultName } from "./faults.ts";
import { defaultUserAssigned, stranger } from "./identities.ts";
import type { Ask } from "./token-request.ts";

const ask: Ask = {
  apiVersion: "2019-08-01",
  resource: "https://vault.azure.net",
  identity: { kind: "systemAssigned" },
};

function arsenal(onChange: () => void = () => {}): { faults: ArmedFaults; clock: AdjustableClock } {
  const clock = new AdjustableClock();
  clock.freeze(0);
  return { faults: new ArmedFaults(clock, [stranger, defaultUserAssigned], onChange), clock };
}

describe("an armed fault", () => {
  it("touches every request until it is cleared", () => {
    const { faults } = arsenal();
    faults.arm("status-503");
    expect([1, 2, 3].map(() => faults.meet(ask, stranger)?.name)).toEqual(["status-503", "status-503", "status-503"]);
    faults.clear();
    expect(faults.meet(ask, stranger)).toBeUndefined();
  });

  it("touches the next so many requests, and shows how many are left", () => {
    const { faults } = arsenal();
    faults.arm("hang", { times: 2 });
    faults.meet(ask, stranger);
    expect(faults.armed()).toMatchObject([{ name: "hang", times: 1 }]);
    faults.meet(ask, stranger);
    expect(faults.armed()).toEqual([]);
    expect(faults.meet(ask, stranger)).toBeUndefined();
  });

  it("lasts for so long on the clock", () => {
    const { faults, clock } = arsenal();
    expect(faults.arm("reset", { forInMs: 100 })).toMatchObject({ until: 100 });
    clock.advance(99);
    expect(faults.meet(ask, stranger)?.name).toBe("reset");
    clock.advance(1);
    expect(faults.meet(ask, stranger)).toBeUndefined();
  });

  it("makes a script with others: the one armed first comes first, one for each request", () => {
    const { faults } = arsenal();
    faults.arm("status-503", { times: 2 });
    faults.arm("short-token", { times: 1 });
    expect([1, 2, 3, 4].map(() => faults.meet(ask, stranger)?.name)).toEqual([
      "status-503",
      "status-503",
      "short-token",
      undefined,
    ]);
  });

  it("touches only requests for its resource", () => {
    const { faults } = arsenal();
    faults.arm("hang", { resource: "https://storage.azure.com" });
    expect(faults.meet(ask, stranger)).toBeUndefined();
    expect(faults.meet({ ...ask, resource: "https://storage.azure.com" }, stranger)?.name).toBe("hang");
  });

  it.each(["clientId", "objectId", "resourceId", "name"] as const)("touches only its identity, named by %s", (name) => {
    const { faults } = arsenal();
    faults.arm("hang", { identity: defaultUserAssigned[name].toUpperCase() });
    expect(faults.meet(ask, stranger)).toBeUndefined();
    expect(faults.meet(ask, undefined)).toBeUndefined();
    expect(faults.meet(ask, defaultUserAssigned)?.name).toBe("hang");
  });

  it("waits for a request that gets a token when it changes the token, and else for none", () => {
    const { faults } = arsenal();
    faults.arm("expired-token", { times: 1 });
    faults.arm("status-500", { times: 1 });
    expect(faults.meet(ask, undefined)?.name).toBe("status-500");
    expect(faults.meet(ask, stranger)?.name).toBe("expired-token");
  });

  it("touches only the API version it refuses", () => {
    const { faults } = arsenal();
    faults.arm("unsupported-api-version", { apiVersion: "2017-09-01" });
    expect(faults.meet(ask, stranger)).toBeUndefined();
    expect(faults.meet({ ...ask, apiVersion: "2017-09-01" }, stranger)?.name).toBe("unsupported-api-version");
  });

  it("has its parameters filled in", () => {
    const { faults } = arsenal();
    expect(faults.arm("slow-headers").parameters).toEqual({ delayInMs: 2000 });
    expect(faults.arm("slow-headers", { delayInMs: 5 }).parameters).toEqual({ delayInMs: 5 });
    expect(faults.arm("status-429").parameters).toEqual({});
  });

  it("is cleared by id, by name, or with all others", () => {
    const { faults } = arsenal();
    const first = faults.arm("hang");
    faults.arm("reset");
    faults.arm("reset");
    faults.arm("html");
    faults.clear(first.id);
    faults.clear("reset");
    expect(faults.armed().map(({ name }) => name)).toEqual(["html"]);
    faults.clear();
    expect(faults.armed()).toEqual([]);
  });

  it("is told of whenever it is armed, used up or cleared", () => {
    const onChange = vi.fn<() => void>();
    const { faults } = arsenal(onChange);
    faults.arm("hang", { times: 1 });
    faults.meet(ask, stranger);
    faults.meet(ask, stranger);
    faults.clear();
    expect(onChange).toHaveBeenCalledTimes(3);
  });
});

describe("arm", () => {
  it.each([
    ["typo", {}, 'there is no fault "typo"; the faults are status, '],
    ["toString", {}, 'there is no fault "toString"'],
    ["hang", { times: 0 }, "times is a whole number, 1 or more"],
    ["hang", { times: "2" }, "times is a whole number, 1 or more"],
    ["hang", { forInMs: -1 }, "forInMs is a number above 0"],
    ["hang", { resource: 1 }, "resource is text"],
    ["hang", { identity: 1 }, "identity is text"],
    ["hang", { identity: "typo" }, 'the app has no identity "typo"; it has stranger, user-assigned'],
    ["status-429", { retryAfterInSeconds: 0.5 }, "retryAfterInSeconds is a whole number from 0 to 86400"],
    ["hang", { delayInMs: 1 }, 'the fault hang has no parameter "delayInMs"; it has none'],
    ["slow-body", { delayInMs: 1 }, 'the fault slow-body has no parameter "delayInMs"; it has durationInMs'],
    ["slow-body", { durationInMs: "1" }, "durationInMs is a whole number from 0 to 600000"],
    ["slow-body", { durationInMs: Number.NaN }, "durationInMs is a whole number from 0 to 600000"],
    ["status", { status: 200 }, "status is a whole number from 400 to 599"],
    ["odd-expiry", { form: "roman" }, "form is one of epoch-string, "],
    ["not-listening", { times: 1 }, 'not-listening touches no requests, so it takes no "times"'],
  ])("refuses %s with %j", (name, options, message) => {
    const { faults } = arsenal();
    const arm = (): unknown => Reflect.apply(Reflect.get(faults, "arm"), faults, [name, options]);
    expect(arm).toThrow(TypeError);
    expect(arm).toThrow(message);
    expect(faults.armed()).toEqual([]);
  });
});

describe("silentUntil", () => {
  it("tells when the last fault that silences the emulator ends", () => {
    const { faults, clock } = arsenal();
    expect(faults.silentUntil()).toBeUndefined();
    faults.arm("not-listening", { forInMs: 10 });
    faults.arm("not-listening", { forInMs: 20 });
    expect(faults.silentUntil()).toBe(20);
    clock.advance(20);
    expect(faults.silentUntil()).toBeUndefined();
    faults.arm("not-listening" satisfies FaultName, { forInMs: Infinity });
    expect(faults.silentUntil()).toBe(Infinity);
  });
});
