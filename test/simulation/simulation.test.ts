import * as credential from "@appservice-msi/credential";
import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

test("every invariant holds through days and months of outages, rotations, restarts and wrong clocks", async () => {
  const { failure, runs, calls, requests } = await simulate(credential, { seeds: 15 });

  expect(failure).toBeUndefined();
  expect(runs).toBe(15);
  expect(calls).toBeGreaterThan(requests / 10);
}, 60_000);
