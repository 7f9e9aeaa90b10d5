import type { IAsyncProperty } from "fast-check";

/** Something to be fed with nonsense, and what has to hold. */
export interface Target {
  readonly name: string;
  /** What holds, whatever comes. */
  readonly claim: string;
  /** So many runs take about a second. */
  readonly quickRuns: number;
  /** Gets all ready that the runs share. */
  open(): Promise<OpenTarget>;
}

/** A target that is ready. */
export interface OpenTarget extends AsyncDisposable {
  readonly property: IAsyncProperty<unknown>;
  /** In which ways runs have ended, and how often. A way that never came was never tried. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/** Counts in which ways runs end. */
export class Tally extends Map<string, number> {
  count(outcome: string): void {
    this.set(outcome, (this.get(outcome) ?? 0) + 1);
  }
}
