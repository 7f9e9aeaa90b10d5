import { expect, test } from "vitest";
import { invariants } from "./invariants.ts";
import { plantedBugs } from "./planted-bugs.ts";

test("there is a planted bug for each invariant", () => {
  expect(plantedBugs.map(({ invariant }) => invariant).toSorted()).toEqual(invariants.toSorted());
});
