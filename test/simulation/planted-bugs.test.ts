import { expect, test } from "vitest";
import { withMistake } from "../mistake.ts";
import { plantedBugs } from "./planted-bugs.ts";
import { simulate } from "./simulate.ts";

test.each(plantedBugs.map((bug) => [bug.mistake, bug] as const))(
  "the simulation notices when %s",
  async (_mistake, bug) => {
    const { failure } = await withMistake(bug, (credential) => simulate(credential, { seeds: 200, shrink: false }));

    expect(failure?.invariant).toBe(bug.invariant);
  },
  120_000,
);
