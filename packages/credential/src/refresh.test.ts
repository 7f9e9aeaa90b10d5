import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextTry, refreshPoint } from "./refresh.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const now = Date.parse("2030-06-20T12:00:00Z");

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const lives = fc.oneof(fc.integer({ min: 1, max: minute }), fc.integer({ min: 1, max: 30 * hour }));

describe("a token is due for refresh", () => {
  it.each<[what: string, life: number, dueIn: number]>([
    ["at half of its life, with 24 h to live", 24 * hour, 12 * hour],
    ["at half of its life, with just more than 2 h to live", 2 * hour + 2, hour + 1],
    ["5 minutes before its end, with 2 h to live", 2 * hour, 115 * minute],
    ["5 minutes before its end, with 20 minutes to live", 20 * minute, 15 * minute],
    ["a quarter before its end, with 10 minutes to live", 10 * minute, 7.5 * minute],
    ["a quarter before its end, with 20 s to live", 20 * second, 15 * second],
    ["5 s from now, with 6 s to live", 6 * second, 5 * second],
    ["at its end, with less than 5 s to live", 4 * second, 4 * second],
    ["at its end, with 1 ms to live", 1, 1],
  ])("%s", (_what, life, dueIn) => {
    expect(refreshPoint(now, now + life, 0) - now).toBe(dueIn);
  });

  it.each<[what: string, askedIn: number, dueIn: number]>([
    ["when the endpoint wants it", hour, hour],
    ["when the endpoint wants it, though it is late", 23 * hour, 23 * hour],
    ["not sooner than in 5 s, though the endpoint wants it", second, 5 * second],
    ["at half of its life, if the endpoint's wish has passed", -second, 12 * hour],
    ["at half of its life, if the endpoint's wish is now", 0, 12 * hour],
    ["at half of its life, if the endpoint's wish is its end", 24 * hour, 12 * hour],
    ["at half of its life, if the endpoint's wish is behind its end", 25 * hour, 12 * hour],
  ])("%s", (_what, askedIn, dueIn) => {
    expect(refreshPoint(now, now + 24 * hour, 0, now + askedIn) - now).toBe(dueIn);
  });

  it("up to a tenth earlier by chance, so that a fleet does not refresh in step", () => {
    expect(refreshPoint(now, now + 24 * hour, 1) - now).toBe(12 * hour * 0.9);
    expect(refreshPoint(now, now + 24 * hour, 0.5) - now).toBe(12 * hour * 0.95);
    expect(refreshPoint(now, now + 24 * hour, 1, now + hour) - now).toBe(hour * 0.9);
    expect(refreshPoint(now, now + 5 * second, 1) - now).toBe(5 * second);
  });

  it("after now and never after its end, whatever its life, the endpoint's wish and chance", () => {
    const wishes = fc.option(fc.integer({ min: -hour, max: 31 * hour }), { nil: undefined });
    fc.assert(
      fc.property(lives, chance, wishes, (life, random, wish) => {
        const due = refreshPoint(now, now + life, random, wish === undefined ? undefined : now + wish);
        expect(Number.isInteger(due)).toBe(true);
        expect(due).toBeGreaterThan(now);
        expect(due).toBeLessThanOrEqual(now + life);
        expect(due - now).toBeGreaterThanOrEqual(Math.min(life, 5 * second));
      }),
    );
  });
});

describe("after a failed refresh the next try is", () => {
  it.each<[what: string, life: number, failures: number, tryIn: number]>([
    ["in 10 s after the first failure", 12 * hour, 1, 10 * second],
    ["in 20 s after the second", 12 * hour, 2, 20 * second],
    ["in 160 s after the fifth", 12 * hour, 5, 160 * second],
    ["in 5 minutes after the sixth", 12 * hour, 6, 5 * minute],
    ["in 5 minutes after the thousandth", 12 * hour, 1000, 5 * minute],
    ["after ten thousand in 5 minutes", 12 * hour, 10_000, 5 * minute],
    ["after a quarter of what is left, where that is sooner", 8 * minute, 10, 2 * minute],
    ["after a quarter of what is left, near the end", 24 * second, 1, 6 * second],
    ["not sooner than in 5 s", 12 * second, 1, 5 * second],
    ["at the token's end, where that is sooner still", 3 * second, 1, 3 * second],
  ])("%s", (_what, life, failures, tryIn) => {
    expect(nextTry(now, now + life, failures, 0) - now).toBe(tryIn);
  });

  it("up to a tenth earlier by chance", () => {
    expect(nextTry(now, now + 12 * hour, 1, 1) - now).toBe(9 * second);
  });

  it("after now, within 5 minutes and never after the token's end", () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 5000 }), chance, (life, failures, random) => {
        const next = nextTry(now, now + life, failures, random);
        expect(Number.isInteger(next)).toBe(true);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(Math.min(life, 5 * minute));
        expect(next - now).toBeGreaterThanOrEqual(Math.min(life, 4500));
      }),
    );
  });

  it.each([minute, 10 * minute, 2 * hour, 12 * hour])("soon enough for several tries in %d ms", (life) => {
    let at = now;
    let tries = 0;
    for (; at < now + life; tries += 1) {
      at = nextTry(at, now + life, tries + 1, 0);
    }
    expect(tries).toBeGreaterThanOrEqual(4);
    expect(tries).toBeLessThanOrEqual(life / (5 * minute) + 25);
  });
});
