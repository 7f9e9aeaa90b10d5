import * as credential from "@appservice-msi/credential";
import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

// Under a minute on a machine that has nothing else to do. `pnpm simulate` goes on from here.
test("every invariant holds for hundreds of seeds", async () => {
  const { failure, runs } = await simulate(credential, { seeds: 200, from: 101 });

  expect(failure).toBeUndefined();
  expect(runs).toBe(200);
}, 600_000);
