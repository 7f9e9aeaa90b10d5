import type { Endpoint } from "./endpoint.ts";
import type { Stage } from "./stage.ts";
import { ratio, type Summary } from "./statistics.ts";

/** Who is measured: our credential, the incumbent, and the least that anyone could do. */
export const contestants = ["ours", "incumbent", "limit"] as const;
export type Contestant = (typeof contestants)[number];

/** What a figure counts. Times are in the unit that they are kept in. */
export type Unit = "ns" | "ms" | "calls/s" | "requests" | "bytes" | "packages" | "calls";

/** What a figure should be at most: so many times another one, or so much by itself. */
export interface Target {
  readonly atMost: number;
  /** Absent: the figure itself. */
  readonly of?: "incumbent" | "limit";
}

/** One line of the result. */
export interface Row {
  /** The question's name and what sets the row apart: it stays the same from run to run. */
  readonly id: string;
  /** What was measured, in words that stand alone under the question's title. */
  readonly what: string;
  readonly unit: Unit;
  /** A text stands where there is no figure, and says why. */
  readonly figures: Partial<Record<Contestant, Summary | string>>;
  readonly target?: Target;
}

/** What there is to measure with. */
export interface Bench {
  readonly stage: Stage;
  readonly endpoint: Endpoint;
  /** Fewer and shorter turns: to see that it works, not to read figures from. */
  readonly quick: boolean;
}

/** One thing to find out. */
export interface Question {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  measure(bench: Bench): Promise<Row[]>;
}

/** How many times the other our figure is; `undefined` where one of them is missing or the other is zero. */
export function ratioTo(row: Row, other: "incumbent" | "limit"): number | undefined {
  const { ours, [other]: theirs } = row.figures;
  if (typeof ours !== "object" || typeof theirs !== "object" || theirs.median === 0) {
    return undefined;
  }
  return ratio(ours, theirs);
}

/** Whether the target is met; `undefined` where there is none. A figure that could not be had misses it. */
export function meetsTarget(row: Row): boolean | undefined {
  const { target, figures } = row;
  if (target === undefined) {
    return undefined;
  }
  const own = typeof figures.ours === "object" ? figures.ours.median : undefined;
  const figure = target.of === undefined ? own : ratioTo(row, target.of);
  return figure !== undefined && figure <= target.atMost;
}
