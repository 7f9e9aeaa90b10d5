import { markup, type Markup } from "./markup.ts";
import type { Plot, PlotRow } from "./plot.ts";
import { drawKey, drawTrack, percent, trackHeight } from "./track.ts";

/** A plot as part of a page: it is as wide as the page lets it be. */
export function renderFigure(plot: Plot, subjects: readonly string[]): Markup {
  const groups = plot.groups.map(
    ({ title, rows }) =>
      markup`${title !== undefined && markup`<p class="of">${title}</p>\n`}${rows.map((row) => renderRow(row, plot, subjects))}`,
  );
  return markup`<figure class="plot" id="plot-${plot.name}">
<figcaption><h3>${plot.title}</h3><p>${plot.caption}</p>${legend(plot, subjects)}</figcaption>
${groups.length > 1 && axis(plot)}${groups}${axis(plot)}
</figure>
`;
}

function renderRow({ name, label, tracks }: PlotRow, { axis: ticks }: Plot, subjects: readonly string[]): Markup {
  const height = tracks.length * trackHeight;
  const told = tracks.map((track, column) => `${subjects[column]}: ${track.label}`).join(", ");
  const grid = ticks.map(({ at }) => {
    const x = percent(at);
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="-4" y2="${height + 4}"/>`;
  });
  const values = tracks.map((track, column) => markup`<span class="c${column}">${track.label}</span>`);
  return markup`<div class="row"><a class="label" href="#${name}">${label}</a>
<svg class="tracks" role="img" aria-label="${told}" width="100%" height="${height}">${grid}${tracks.map((track, column) => drawTrack(track, column, column * trackHeight))}</svg>
<span class="values" aria-hidden="true">${values}</span></div>
`;
}

function axis({ axis: ticks }: Plot): Markup {
  const texts = ticks.map(
    ({ at, label }) => markup`<text class="tick" x="${percent(at)}" y="12" text-anchor="middle">${label}</text>`,
  );
  return markup`<div class="row axis" aria-hidden="true"><span></span><svg class="tracks" width="100%" height="16">${texts}</svg><span></span></div>`;
}

function legend({ legend: marks }: Plot, subjects: readonly string[]): Markup {
  const colours = subjects.map((name, column) => markup`<li><span class="swatch c${column}"></span>${name}</li>`);
  const shapes = marks.map(
    ({ kind, meaning }) =>
      markup`<li><svg width="14" height="${trackHeight}" aria-hidden="true">${drawKey(kind)}</svg>${meaning}</li>`,
  );
  return markup`<ul class="legend">${colours}${shapes}</ul>`;
}
