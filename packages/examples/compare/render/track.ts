import { markup, type Markup } from "./markup.ts";
import type { Mark, Track } from "./plot.ts";

/** Height of a track, in pixels. */
export const trackHeight = 11;

const middle = trackHeight / 2;

/**
 * A track as SVG, as wide as whatever it stands in: places are percentages, so shapes keep their shape at any width.
 *
 * @param column Which credential's colour it has.
 */
export function drawTrack({ marks }: Track, column: number, y: number): Markup {
  return markup`<svg class="c${column}" y="${y}" width="100%" height="${trackHeight}" overflow="visible">${marks.map(drawMark)}</svg>`;
}

/** A mark by itself, for a legend. */
export function drawKey(kind: Mark["kind"]): Markup {
  return drawMark(kind === "bar" || kind === "line" ? { kind, from: 0, to: 1 } : { kind, at: 0.5 });
}

/** A share of the width as SVG and CSS write it. */
export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

function drawMark(mark: Mark): Markup {
  switch (mark.kind) {
    case "bar":
      return markup`<rect class="bar" x="${percent(mark.from)}" y="1.5" width="${percent(mark.to - mark.from)}" height="${trackHeight - 3}" rx="1.5"/>`;
    case "line":
      return markup`<line class="line" x1="${percent(mark.from)}" x2="${percent(mark.to)}" y1="${middle}" y2="${middle}"/>`;
    default:
      return markup`<svg x="${percent(mark.at)}" overflow="visible">${shapes[mark.kind]}</svg>`;
  }
}

/** Drawn around the point where they stand. */
const shapes = {
  request: markup`<line class="request" y1="${middle - 3.5}" y2="${middle + 3.5}"/>`,
  refresh: markup`<line class="refresh" y1="0" y2="${trackHeight}"/>`,
  token: markup`<circle class="token" cy="${middle}" r="4"/>`,
  error: markup`<path class="error" d="M-3.5 ${middle - 3.5}l7 7m0 -7l-7 7"/>`,
  waiting: markup`<path class="waiting" d="M0 ${middle - 4}l7 4l-7 4z"/>`,
} as const satisfies Record<Exclude<Mark["kind"], "bar" | "line">, Markup>;
