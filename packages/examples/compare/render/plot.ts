/** A mark on a track; places are shares of the track's width. */
export type Mark =
  | { readonly kind: "bar" | "line"; readonly from: number; readonly to: number }
  | { readonly kind: "request" | "token" | "error" | "waiting" | "refresh"; readonly at: number };

/** What one credential did, drawn from left to right. */
export interface Track {
  readonly marks: readonly Mark[];
  /** The same in a few characters. */
  readonly label: string;
}

/** One situation: a track for each credential. */
export interface PlotRow {
  readonly name: string;
  readonly label: string;
  readonly tracks: readonly Track[];
}

/** A picture of one kind of figure, as data: how it is drawn depends on where. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly axis: readonly { readonly at: number; readonly label: string }[];
  readonly groups: readonly { readonly title?: string; readonly rows: readonly PlotRow[] }[];
  /** What the marks mean, besides the colours. */
  readonly legend: readonly { readonly kind: Mark["kind"]; readonly meaning: string }[];
}
