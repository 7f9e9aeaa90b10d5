import * as credential from "@appservice-msi/credential";
import { expect, it } from "vitest";
import { withMistake } from "../mistake.ts";
import { soak } from "./soak.ts";

const briefly = { forInMs: 20_000, seed: 1 };
// What every request leaves behind shows in few samples.
const inShort = { forInMs: 12_000, seed: 1 };

it("finds a run on real sockets flat", async () => {
  const { complaints, samples, tally } = await soak(credential, briefly);

  expect(complaints).toEqual([]);
  expect(tally.tokens).toBeGreaterThan(1_000);
  expect(samples.at(-1)?.requests).toBeGreaterThan(1_000);
  expect(samples.at(-1)?.faults).toBeGreaterThan(10);
});

it("finds memory that grows", async () => {
  const leak = {
    mistake: "every request under way is remembered for good",
    file: "flight.ts",
    replace: [
      "this.#deserted = deserted;",
      "this.#deserted = deserted; ((globalThis as { kept?: unknown[] }).kept ??= []).push(new Array(5_000).fill(work));",
    ],
  } as const;

  const { complaints } = await withMistake(leak, (module) => soak(module, inShort));

  expect(complaints).toContainEqual(expect.stringMatching(/^memory in use of the app grew/));
});

it("finds handles that stay", async () => {
  const leak = {
    mistake: "a call that is over leaves a timer behind",
    file: "flight.ts",
    replace: ["clearTimeout(timer);", "clearTimeout(timer); setTimeout(() => {}, 3_600_000);"],
  } as const;

  const { complaints } = await withMistake(leak, (module) => soak(module, inShort));

  expect(complaints).toContainEqual(expect.stringMatching(/^handles at rest of the app grew/));
});
