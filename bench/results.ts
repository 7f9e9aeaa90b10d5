import type { Setting } from "./machine.ts";
import type { Row } from "./question.ts";

/** A question with its rows. */
export interface Answer {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Why there are no rows, if there are none. */
  readonly failure?: string;
}

/** All that a run has found. */
export interface Results {
  readonly setting: Setting;
  /** Fewer and shorter turns: not to be quoted. */
  readonly quick: boolean;
  readonly answers: readonly Answer[];
}
