import type { Reading } from "./gauge.ts";

const megabyte = 1024 * 1024;

/** A figure that must not grow, and by how much it may sway. */
interface Limit {
  readonly name: string;
  of(reading: Reading): number;
  /** How much more it may be at the end than at the begin. */
  readonly allowed: number;
  show(value: number): string;
}

const limits: readonly Limit[] = [
  {
    name: "memory in use",
    of: ({ heapInBytes }) => heapInBytes,
    allowed: 2 * megabyte, // code that V8 compiles late, and how full caches with a limit happen to be
    show: inMegabytes,
  },
  {
    name: "resident memory",
    of: ({ rssInBytes }) => rssInBytes,
    allowed: 48 * megabyte, // it goes up in steps: free memory and garbage are kept for the next rush
    show: inMegabytes,
  },
  { name: "handles at rest", of: ({ handles }) => handles, allowed: 0, show: String },
];

/**
 * What grew, in words; empty when all is flat. Compared are the medians of the first and of the last third of the readings, so that no
 * single reading decides.
 */
export function findGrowth(of: string, readings: readonly Reading[]): string[] {
  const third = Math.ceil(readings.length / 3);
  return limits.flatMap((limit) => {
    const values = readings.map((reading) => limit.of(reading));
    const [begin, end] = [median(values.slice(0, third)), median(values.slice(-third))];
    return end - begin <= limit.allowed
      ? []
      : [`${limit.name} of the ${of} grew from ${limit.show(begin)} to ${limit.show(end)}`];
  });
}

/** Bytes for people to read. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return ((sorted.at(Math.floor((sorted.length - 1) / 2)) ?? 0) + (sorted.at(sorted.length / 2) ?? 0)) / 2;
}
