import { type Contestant, contestants, type Row } from "../question.ts";
import { formatAmount } from "./figures.ts";
import { decades, dot, label, line, logScale, picture } from "./svg.ts";

const width = 760;
const left = 150;
const right = 690;
const top = 84;
const step = 34;
const gap = 38;

const groups: readonly [key: string, what: string][] = [
  ["slow", "the endpoint takes 2 s to answer"],
  ["failing", "the endpoint answers 500"],
  ["silent", "nothing listens at the endpoint"],
];

interface Wait {
  readonly contestant: Contestant;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly failed: number;
}

/** How long callers wait while a token is due for refresh and the endpoint is in trouble. */
export function plotWaits(rows: ReadonlyMap<string, Row>): string | undefined {
  const measured = groups
    .map(([key, what]) => ({ what, waits: waitsOf(rows, key) }))
    .filter(({ waits }) => waits.length > 0);
  const waits = measured.flatMap((group) => group.waits);
  if (waits.length === 0) {
    return undefined;
  }
  const ticks = decades(waits.flatMap(({ p50, max }) => [p50, max]));
  const x = logScale(ticks[0] as number, ticks.at(-1) as number, left, right);
  const bottom = top + waits.length * step + measured.length * gap;
  let y = top;
  const drawn = measured.flatMap((group) => {
    const heading = label(24, y + 16, group.what);
    y += gap;
    return [
      heading,
      ...group.waits.flatMap((wait) => {
        const row = drawWait(wait, x, y + 6);
        y += step;
        return row;
      }),
    ];
  });
  return picture(
    {
      width,
      height: bottom + 58,
      title: "How long callers wait while the token is due for refresh",
      subtitle:
        "A caller every 5 ms. From the median (dot) to the longest wait (end of the line); each step is ten times more.",
      description: waits
        .map(
          ({ contestant, p50, max }) =>
            `${contestant}: median ${formatAmount(p50, "ms")}, longest ${formatAmount(max, "ms")}`,
        )
        .join("; "),
    },
    ...ticks.flatMap((tick) => [
      line(x(tick), top - 8, x(tick), bottom, "grid"),
      label(x(tick), bottom + 20, tick >= 1000 ? `${tick / 1000} s` : `${tick} ms`, "small", "middle"),
    ]),
    ...drawn,
  );
}

function drawWait({ contestant, p50, max, failed }: Wait, x: (value: number) => number, y: number): string[] {
  const failures = failed > 0 ? `, ${formatAmount(failed, "calls")} of 100 calls fail` : "";
  const words = `${formatAmount(max, "ms")}${failures}`;
  const end = x(max);
  const beside = end > 460;
  return [
    label(left - 16, y + 4, contestant, "small", "end"),
    line(x(p50), y, end, y, `${contestant}-line`),
    dot(x(p50), y, 6, contestant),
    beside ? label(x(p50) - 14, y + 4, words, "small", "end") : label(end + 12, y + 4, words, "small"),
  ];
}

function waitsOf(rows: ReadonlyMap<string, Row>, key: string): Wait[] {
  return contestants.flatMap((contestant) => {
    const [p50, p99, max, failed] = ["p50", "p99", "max", "failed"].map((name) => {
      const figure = rows.get(`refresh.${key}.${name}`)?.figures[contestant];
      return typeof figure === "object" ? figure.median : undefined;
    });
    return p50 === undefined || p99 === undefined || max === undefined
      ? []
      : [{ contestant, p50, p99, max, failed: failed ?? 0 }];
  });
}
