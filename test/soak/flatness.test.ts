import { expect, it } from "vitest";
import { findGrowth } from "./flatness.ts";
import type { Reading } from "./gauge.ts";

const megabyte = 1024 * 1024;

function readings(of: (index: number) => Partial<Reading>): Reading[] {
  const still = { rssInBytes: 100 * megabyte, heapInBytes: 30 * megabyte, handles: 4 };
  return Array.from({ length: 30 }, (_, index) => ({ ...still, ...of(index) }));
}

it("finds nothing where nothing grows, though the readings sway", () => {
  const swaying = readings((index) => ({
    heapInBytes: (30 + (index % 4)) * megabyte,
    rssInBytes: (100 + (index % 7)) * megabyte,
  }));

  expect(findGrowth("app", swaying)).toEqual([]);
});

it("lets a single reading be high", () => {
  expect(
    findGrowth(
      "app",
      readings((index) => (index === 29 ? { heapInBytes: 60 * megabyte, handles: 9 } : {})),
    ),
  ).toEqual([]);
});

it.each<[string, (index: number) => Partial<Reading>]>([
  ["memory in use of the app grew from 30.9 MB to 34.9 MB", (index) => ({ heapInBytes: (30 + index / 5) * megabyte })],
  [
    "resident memory of the app grew from 113.5 MB to 173.5 MB",
    (index) => ({ rssInBytes: (100 + 3 * index) * megabyte }),
  ],
  ["handles at rest of the app grew from 4 to 5", (index) => ({ handles: index < 15 ? 4 : 5 })],
])("says that %s", (complaint, of) => {
  expect(findGrowth("app", readings(of))).toEqual([complaint]);
});
