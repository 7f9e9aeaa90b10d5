import type { Outcome } from "./outcome.ts";
import type { Link } from "./scenario.ts";

/** All that was found out: what is rendered, and what `-o json` prints. */
export interface Comparison {
  readonly setting: Setting;
  /** The columns. */
  readonly subjects: readonly { readonly name: string; readonly package: string; readonly setUp: string }[];
  readonly groups: readonly { readonly title: string; readonly intro: string; readonly rows: readonly Row[] }[];
}

/** When, where and with what. */
export interface Setting {
  readonly command: string;
  readonly date: string;
  readonly durationInSeconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: string;
}

/** One scenario, and what each credential made of it. */
export interface Row {
  readonly name: string;
  readonly question: string;
  readonly wanted?: string;
  readonly explain: string;
  readonly link: Link;
  /** Whether all who got a token got the same claims; absent when fewer than two did. */
  readonly sameClaims?: boolean;
  /** In the order of the subjects. */
  readonly cells: readonly Cell[];
}

/** One credential in one scenario. */
export interface Cell {
  /** Whether it did what was wanted. Absent where nothing was. */
  readonly met?: boolean;
  /** What came of it, in a few words. */
  readonly told: string;
  readonly outcome: Outcome;
}
