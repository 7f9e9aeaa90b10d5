import { markup, Markup } from "./markup.ts";
import type { Plot, PlotRow } from "./plot.ts";
import { drawKey, drawTrack, percent, trackHeight } from "./track.ts";

const width = 860;
const labelWidth = 320;
const valueWidth = 70;
const margin = 20;
const trackWidth = width - 2 * margin - labelWidth - valueWidth;
const top = 84;
const groupHeight = 22;
const rowGap = 9;
const longestLabel = 44;

/** A plot as a picture that stands alone, in a page of Markdown or anywhere else. It follows the reader's light or dark. */
export function renderPicture(plot: Plot, subjects: readonly string[], style: string): string {
  const { rows, bottom } = drawRows(plot);
  const height = bottom + 24;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${plot.title}. ${plot.caption}">
<style>${new Markup(style)}</style>
<rect class="surface" width="${width}" height="${height}" rx="6"/>
<text class="title" x="${margin}" y="28">${plot.title}</text>
<text class="quiet" x="${margin}" y="46">${plot.caption}</text>
${drawLegend(plot, subjects)}
${drawAxis(plot, bottom)}
${rows}
</svg>
`.text;
}

/** The rows from top to bottom, and where they end. */
function drawRows({ groups }: Plot): { rows: readonly Markup[]; bottom: number } {
  const drawn: Markup[] = [];
  let y = top;
  for (const { title, rows } of groups) {
    if (title !== undefined) {
      drawn.push(markup`<text class="of" x="${margin}" y="${y + 12}">${title}</text>\n`);
      y += groupHeight;
    }
    for (const row of rows) {
      drawn.push(drawRow(row, y));
      y += row.tracks.length * trackHeight + rowGap;
    }
  }
  return { rows: drawn, bottom: y };
}

function drawRow({ label, tracks }: PlotRow, y: number): Markup {
  const height = tracks.length * trackHeight;
  const values = tracks.map(
    (track, column) =>
      markup`<text class="value c${column}" x="${width - margin}" y="${y + column * trackHeight + 9}" text-anchor="end">${track.label}</text>`,
  );
  return markup`<text class="label" x="${margin}" y="${y + height / 2 + 4}">${shorten(label)}</text>
<svg x="${margin + labelWidth}" y="${y}" width="${trackWidth}" height="${height}" overflow="visible">${tracks.map((track, column) => drawTrack(track, column, column * trackHeight))}</svg>
${values}
`;
}

function drawAxis({ axis }: Plot, bottom: number): Markup {
  const ticks = axis.map(({ at, label }) => {
    const x = percent(at);
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="${top - 4}" y2="${bottom}"/><text class="tick" x="${x}" y="${bottom + 12}" text-anchor="middle">${label}</text>`;
  });
  return markup`<svg x="${margin + labelWidth}" width="${trackWidth}" height="${bottom + 24}" overflow="visible">${ticks}</svg>`;
}

/** About how wide a character is, for want of a way to measure it. */
const characterWidth = 6.2;

function drawLegend({ legend }: Plot, subjects: readonly string[]): Markup {
  const entries = [
    ...subjects.map((text, column) => ({
      text,
      key: markup`<rect class="bar c${column}" y="1" width="10" height="9" rx="2"/>`,
    })),
    ...legend.map(({ kind, meaning }) => ({ text: meaning, key: drawKey(kind) })),
  ];
  let x = margin;
  return markup`${entries.map(({ text, key }) => {
    const entry = markup`<svg x="${x}" y="57" width="14" height="${trackHeight}" overflow="visible">${key}</svg><text class="quiet" x="${x + 17}" y="67">${text}</text>`;
    x += Math.round(34 + text.length * characterWidth);
    return entry;
  })}`;
}

/** Text in a picture neither wraps nor shrinks. */
function shorten(text: string): string {
  return text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1).trimEnd()}…`;
}
