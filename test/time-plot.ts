import { decades, dot, element, type Frame, label, line, logScale, picture } from "@appservice-msi/bench/svg";

/** What changes over time, as points of time and value. */
export interface Series {
  readonly name: string;
  readonly colour: "ours" | "incumbent";
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** One diagram; all diagrams of a picture share the axis of time. */
export interface Diagram {
  readonly title: string;
  readonly scale: "linear" | "log";
  readonly series: readonly Series[];
}

/** The axis of time from 0 to `end`, with a label at each tick. */
export interface TimeAxis {
  readonly end: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

interface Axis {
  readonly ticks: readonly number[];
  readonly y: (value: number) => number;
}

const width = 760;
const left = 92;
const right = 600;
const firstTop = 96;
const diagramHeight = 112;
const distance = 164;

/** Diagrams one below the other, over the same time. */
export function plotOverTime(
  words: Pick<Frame, "title" | "subtitle" | "description">,
  time: TimeAxis,
  diagrams: readonly Diagram[],
): string {
  const height = firstTop + diagrams.length * distance;
  const x = (at: number): number => left + (at / time.end) * (right - left);
  return picture(
    { ...words, width, height },
    ...diagrams.flatMap((diagram, index) => draw(diagram, firstTop + index * distance, x, time)),
  );
}

function draw(diagram: Diagram, top: number, x: (at: number) => number, time: TimeAxis): string[] {
  const bottom = top + diagramHeight;
  const { ticks, y } = axisOf(diagram, top, bottom);
  return [
    label(left, top - 12, diagram.title, "small"),
    ...ticks.flatMap((tick) => [
      line(left, y(tick), right, y(tick), "grid"),
      label(left - 12, y(tick) + 4, tick.toLocaleString("en-US"), "small", "end"),
    ]),
    ...time.ticks.map((tick) => label(x(tick.at), bottom + 20, tick.label, "small", "middle")),
    ...diagram.series.map(({ colour, points }) =>
      element("polyline", {
        class: `${colour}-line`,
        style: "stroke-width:2",
        points: points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
      }),
    ),
    ...diagram.series.flatMap(({ name, colour }, index) => [
      dot(right + 22, top + 8 + index * 22, 5, colour),
      label(right + 34, top + 12 + index * 22, name),
    ]),
  ];
}

function axisOf({ scale, series }: Diagram, top: number, bottom: number): Axis {
  const highest = Math.max(1, ...series.flatMap(({ points }) => points.map(([, value]) => value)));
  if (scale === "log") {
    const ticks = decades([1, highest]);
    return { ticks, y: logScale(1, ticks.at(-1) as number, bottom, top) };
  }
  const step = roundStep(highest / 3);
  const ticks = Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
  return { ticks, y: (value) => bottom - (value / (ticks.at(-1) as number)) * (bottom - top) };
}

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return ([1, 2, 5].find((factor) => factor * power >= atLeast) ?? 10) * power;
}
