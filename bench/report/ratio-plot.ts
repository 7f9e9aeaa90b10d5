import { ratioTo, type Row } from "../question.ts";
import { formatRatio } from "./figures.ts";
import { decades, dot, label, line, logScale, picture } from "./svg.ts";

const shown: readonly [id: string, what: string][] = [
  ["warm.call", "a call when the token is at hand"],
  ["import.time", "importing the package"],
  ["first-token.alone", "first token, nothing loaded before"],
  ["first-token.storage", "first token, storage client loaded before"],
  ["cold-callers.1000.time", "1,000 callers at once, until all are served"],
  ["memory.heap", "heap after the first token"],
  ["memory.per-resource", "heap for each cached resource"],
  ["bundle.esbuild.storage", "growth of a storage app's bundle"],
  ["install.alone.packages", "packages installed"],
  ["install.alone.bytes", "bytes installed"],
];

const width = 760;
const left = 316;
const right = 650;
const top = 96;
const step = 28;

/** Each figure of ours as a share of the incumbent's, beside the least that is possible. */
export function plotRatios(rows: ReadonlyMap<string, Row>): string | undefined {
  const lines = shown.flatMap(([id, what]) => {
    const row = rows.get(id);
    const share = row && ratioTo(row, "incumbent");
    const toLimit = row && ratioTo(row, "limit");
    return row && share
      ? [{ what, share, words: formatRatio(row, "incumbent"), limit: toLimit && share / toLimit }]
      : [];
  });
  if (lines.length === 0) {
    return undefined;
  }
  const ticks = decades([1, ...lines.flatMap(({ share, limit }) => [share, limit ?? share])]);
  const x = logScale(ticks[0] as number, ticks.at(-1) as number, left, right);
  const bottom = top + lines.length * step;
  const drawn = lines.flatMap(({ what, share, words, limit }, index) => {
    const y = top + index * step + 8;
    return [
      label(left - 16, y + 4, what, "", "end"),
      line(x(share), y, x(1), y, "ours-line"),
      dot(x(share), y, 6, "ours"),
      ...(limit === undefined ? [] : [dot(x(limit), y, 5, "ring")]),
      label(width - 24, y + 4, words, "", "end"),
    ];
  });
  return picture(
    {
      width,
      height: bottom + 62,
      title: "AppServiceMsiCredential as a share of ManagedIdentityCredential",
      subtitle: "Each step is ten times less; further left is less time, memory or code.",
      description: lines.map(({ what, words }) => `${what}: ${words} the incumbent`).join("; "),
    },
    ...ticks.flatMap((tick) => [
      line(x(tick), top - 14, x(tick), bottom, tick === 1 ? "even" : "grid"),
      label(x(tick), bottom + 18, `${tick} ×`, "small", "middle"),
    ]),
    ...drawn,
    ...legend(bottom + 44),
  );
}

function legend(y: number): string[] {
  return [
    dot(left + 6, y - 4, 6, "ours"),
    label(left + 18, y, "ours", "small"),
    dot(left + 76, y - 4, 5, "ring"),
    label(left + 88, y, "the least that is possible", "small"),
    line(left + 248, y - 11, left + 248, y + 3, "even"),
    label(left + 256, y, "incumbent", "small"),
  ];
}
