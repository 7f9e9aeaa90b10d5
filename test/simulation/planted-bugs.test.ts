import { expect, test } from "vitest";
import { plantedBugs, withBug } from "./planted-bugs.ts";
import { simulate } from "./simulate.ts";

test.each(plantedBugs)(
  "the simulation notices when $mistake",
  async (bug) => {
    const { failure } = await withBug(bug, (credential) =>
      simulate(credential, { seeds: 100, seed: 7, shrink: false }),
    );

    expect(failure?.invariant).toBe(bug.invariant);
  },
  60_000,
);
