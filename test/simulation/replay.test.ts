import { expect, test } from "vitest";
import { withMistake } from "../mistake.ts";
import type { Scenario } from "./scenario.ts";
import { plantedBugs } from "./planted-bugs.ts";
import { simulate } from "./simulate.ts";

const bug = plantedBugs.find(({ invariant }) => invariant === "nothing is left behind") as (typeof plantedBugs)[number];

/** How much happens in a scenario. */
function sizeOf({ bursts, streams, faults, rotations, restarts, skews }: Scenario): number {
  return [bursts, streams, faults, rotations, restarts, skews].reduce((sum, happenings) => sum + happenings.length, 0);
}

test("a seed that fails fails again in the same way, and is made smaller", async () => {
  await withMistake(bug, async (credential) => {
    const { failure: whole } = await simulate(credential, { seeds: 50, shrink: false });
    const seed = whole?.seed ?? 0;
    const { failure: small } = await simulate(credential, { seeds: 1, from: seed });
    const { failure: again } = await simulate(credential, { seeds: 1, from: seed });
    const { failure: direct } = await simulate(credential, { seeds: 1, from: seed, path: small?.path });

    expect(small?.invariant).toBe(bug.invariant);
    expect(sizeOf(small?.scenario as Scenario)).toBeLessThan(sizeOf(whole?.scenario as Scenario));
    expect(again).toEqual(small);
    expect(direct).toMatchObject({ seed, message: small?.message, scenario: small?.scenario });
  });
}, 120_000);
