import { expect, it } from "vitest";
import { chance } from "../chance.ts";
import { alwaysNew, away, cached, countRequests, type Fleet } from "./fleet.ts";

const hour = 3_600;
const small = { instances: 100, workers: 8, resources: 5, forInMs: 3 * 24 * hour * 1000 };

function count(how: Pick<Fleet, "jitter" | "platform">, from = 1): { total: number; peak: number } {
  const counts = countRequests({ ...small, ...how, random: chance(1) }).slice(from);
  return {
    total: counts.reduce((sum, each) => sum + each, 0),
    peak: counts.reduce((most, each) => Math.max(most, each), 0),
  };
}

it("asks for each token of each worker in the first second", () => {
  const counts = countRequests({ ...small, platform: alwaysNew, jitter: true, random: chance(1) });

  expect(counts[0]).toBe(4_000);
});

it.each([
  ["brings new tokens", alwaysNew],
  ["keeps its tokens", cached],
  ["is away for two hours", away],
])("has far lower peaks with jitter when the platform %s", (_what, platform) => {
  expect(count({ jitter: true, platform }).peak).toBeLessThan(count({ jitter: false, platform }).peak / 4);
});

it("asks twice a day for tokens that are new, and a few times more for those that the platform keeps", () => {
  expect(count({ jitter: false, platform: alwaysNew }).total / 4_000 / 3).toBeCloseTo(2, 0);
  expect(count({ jitter: true, platform: cached }).total / 4_000 / 3).toBeLessThan(8);
});
