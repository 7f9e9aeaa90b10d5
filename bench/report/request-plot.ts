import { type Contestant, contestants, type Row } from "../question.ts";
import { decades, dot, element, label, line, logScale, picture } from "./svg.ts";

const width = 760;
const height = 372;
const left = 76;
const right = 600;
const top = 84;
const bottom = 316;

const names: Readonly<Record<Contestant, string>> = { ours: "ours", incumbent: "incumbent", limit: "" };

interface Point {
  readonly callers: number;
  readonly requests: number;
}

/** Requests that reach the endpoint over callers that come at once. */
export function plotRequests(rows: ReadonlyMap<string, Row>): string | undefined {
  const lines = contestants
    .filter((contestant) => contestant !== "limit")
    .map((contestant) => ({ contestant, points: pointsOf(rows, contestant) }));
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) {
    return undefined;
  }
  const callers = decades(all.map((point) => point.callers));
  const requests = decades(all.map((point) => point.requests));
  const x = logScale(callers[0] as number, callers.at(-1) as number, left, right);
  const y = logScale(requests[0] as number, requests.at(-1) as number, bottom, top);
  return picture(
    {
      width,
      height,
      title: "Requests for one token when many callers come at once",
      subtitle: "How many requests reach the endpoint (upwards) for so many callers (to the right).",
      description: lines
        .map(({ contestant, points }) => ({ contestant, ...(points.at(-1) as Point) }))
        .map((last) => `${last.contestant}: ${last.requests} requests for ${last.callers} callers`)
        .join("; "),
    },
    ...callers.flatMap((tick) => [label(x(tick), bottom + 22, tick.toLocaleString("en-US"), "small", "middle")]),
    ...requests.flatMap((tick) => [
      line(left, y(tick), right, y(tick), "grid"),
      label(left - 12, y(tick) + 4, tick.toLocaleString("en-US"), "small", "end"),
    ]),
    label((left + right) / 2, bottom + 42, "callers", "small", "middle"),
    ...lines.flatMap(({ contestant, points }) => [
      element("polyline", {
        class: `${contestant}-line`,
        points: points.map((point) => `${x(point.callers).toFixed(1)},${y(point.requests).toFixed(1)}`).join(" "),
      }),
      ...points.map((point) => dot(x(point.callers), y(point.requests), 5, contestant)),
      label(
        right + 16,
        y(points.at(-1)?.requests ?? 1) + 4,
        `${names[contestant]}: ${points.at(-1)?.requests.toLocaleString("en-US")}`,
      ),
    ]),
  );
}

function pointsOf(rows: ReadonlyMap<string, Row>, contestant: Contestant): Point[] {
  return [1, 10, 100, 1000, 10_000].flatMap((callers) => {
    const figure = rows.get(`cold-callers.${callers}.requests`)?.figures[contestant];
    return typeof figure === "object" ? [{ callers, requests: figure.median }] : [];
  });
}
