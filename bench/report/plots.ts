import type { Results } from "../results.ts";
import { plotRatios } from "./ratio-plot.ts";
import { plotRequests } from "./request-plot.ts";
import { plotWaits } from "./wait-plot.ts";

/** The pictures by file name. A picture whose rows were not measured is left out. */
export function renderPlots(results: Results): ReadonlyMap<string, string> {
  const rows = new Map(results.answers.flatMap((answer) => answer.rows.map((row) => [row.id, row])));
  const plots = { ratios: plotRatios(rows), requests: plotRequests(rows), waits: plotWaits(rows) };
  return new Map(
    Object.entries(plots).flatMap(([name, svg]) => (svg === undefined ? [] : [[`bench-${name}.svg`, svg]])),
  );
}
