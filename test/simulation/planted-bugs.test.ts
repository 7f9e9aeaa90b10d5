import { expect, test } from "vitest";
import { withMistake } from "../mistake.ts";
import { plantedBugs } from "./planted-bugs.ts";
import { simulate } from "./simulate.ts";

test.each(plantedBugs)(
  "the simulation notices when $mistake",
  async (bug) => {
    const { failure } = await withMistake(bug, (credential) =>
      simulate(credential, { seeds: 100, seed: 7, shrink: false }),
    );

    expect(failure?.invariant).toBe(bug.invariant);
  },
  60_000,
);
