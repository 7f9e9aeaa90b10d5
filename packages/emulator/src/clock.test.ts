import { describe, expect, it, vi } from "vitest";
import { AdjustableClock } from "./clock.ts";

describe("the clock", () => {
  it("runs with the computer's until someone touches it", () => {
    expect(new AdjustableClock().now()).toBeCloseTo(Date.now(), -2);
  });

  it("goes on from where it is set or advanced to", () => {
    vi.useFakeTimers({ now: 1000 });
    const clock = new AdjustableClock();
    clock.set(5000);
    vi.setSystemTime(1500);
    expect(clock.now()).toBe(5500);
    clock.advance(-500);
    expect(clock.now()).toBe(5000);
    vi.useRealTimers();
  });

  it("stands still when frozen, may be moved then, and goes on from there", () => {
    vi.useFakeTimers({ now: 1000 });
    const clock = new AdjustableClock();
    clock.freeze("2030-01-01T00:00:00Z");
    vi.setSystemTime(9000);
    clock.advance(1000);
    expect(clock.frozen).toBe(true);
    expect(clock.now()).toBe(Date.UTC(2030, 0, 1, 0, 0, 1));
    clock.resume();
    vi.setSystemTime(9500);
    expect(clock.frozen).toBe(false);
    expect(clock.now()).toBe(Date.UTC(2030, 0, 1, 0, 0, 1, 500));
    vi.useRealTimers();
  });

  it("freezes where it is when no time is given, and forgets everything at reset", () => {
    const clock = new AdjustableClock();
    clock.set(0);
    clock.freeze();
    expect(clock.now()).toBeLessThan(1000);
    clock.reset();
    expect(clock.frozen).toBe(false);
    expect(clock.now()).toBeCloseTo(Date.now(), -2);
  });

  it("tells of every change", () => {
    const onChange = vi.fn<() => void>();
    const clock = new AdjustableClock(onChange);
    clock.set(0);
    clock.advance(1);
    clock.freeze();
    clock.resume();
    clock.resume();
    clock.reset();
    expect(onChange).toHaveBeenCalledTimes(5);
  });

  it.each(["yesterday", Number.NaN, Infinity, new Date(Number.NaN), 1e17, -1, "+010000-01-01T00:00:00Z"])(
    "refuses %j for a time",
    (time) => {
      const clock = new AdjustableClock();
      expect(() => clock.set(time)).toThrow(TypeError);
      expect(() => clock.freeze(time)).toThrow(TypeError);
    },
  );

  it.each([Number.NaN, Infinity, -1e15])("refuses to advance by %j", (duration) => {
    expect(() => new AdjustableClock().advance(duration)).toThrow(TypeError);
  });
});
