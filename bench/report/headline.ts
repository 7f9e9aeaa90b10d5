import type { Row } from "../question.ts";
import type { Results } from "../results.ts";
import { formatFigure, formatRatio } from "./figures.ts";

/** The rows that the README shows, in words for somebody who has read nothing else. */
const shown: readonly [id: string, what: string][] = [
  ["warm.call", "a call with the token at hand"],
  ["import.time", "importing the package"],
  ["first-token.storage", "the first token, `@azure/storage-blob` already loaded"],
  ["first-token.alone", "the first token, nothing loaded"],
  ["cold-callers.1000.requests", "requests for 1,000 callers at once"],
  ["refresh.slow.max", "longest wait while a refresh takes 2 s"],
  ["bundle.esbuild.storage", "growth of a storage app's bundle, gzipped"],
  ["install.alone.packages", "packages installed"],
  ["memory.per-resource", "memory for each cached resource"],
];

/** The pictures and the foremost figures for the README. Paths are from the root of the repository. */
export function renderHeadline({ answers, setting }: Results): string {
  const rows = new Map(answers.flatMap((answer) => answer.rows.map((row) => [row.id, row])));
  const table = [
    "| | ours | `ManagedIdentityCredential` | ratio |",
    "| --- | --: | --: | --: |",
    ...shown.flatMap(([id, what]) => toLine(rows.get(id), what)),
  ];
  return `${table.join("\n")}

![Figures of ours as a share of the incumbent's](docs/images/bench-ratios.svg)

| ![Requests over callers that come at once](docs/images/bench-requests.svg) | ![How long callers wait while the token is due for refresh](docs/images/bench-waits.svg) |
| --- | --- |

Measured on ${setting.date} with Node ${setting.node} on ${setting.cores} cores, side by side in one run against the emulator on loopback.`;
}

function toLine(row: Row | undefined, what: string): string[] {
  if (row === undefined) {
    return [];
  }
  const { figures, unit } = row;
  const cells = [
    what,
    formatFigure(figures.ours, unit),
    formatFigure(figures.incumbent, unit),
    formatRatio(row, "incumbent"),
  ];
  return [`| ${cells.join(" | ")} |`];
}
