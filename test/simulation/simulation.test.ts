import * as credential from "@appservice-msi/credential";
import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

test("every invariant holds through days and months of outages, rotations, restarts and wrong clocks", async () => {
  const { failure, runs, calls, requests } = await simulate(credential, {
    seeds: 25,
    seed: 20_301,
    timeLimitInMs: 25_000,
  });

  expect(failure).toBeUndefined();
  expect(runs).toBe(25);
  expect(calls).toBeGreaterThan(requests / 10);
}, 40_000);
