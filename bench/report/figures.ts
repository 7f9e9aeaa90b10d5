// Figures as people read them.
import { meetsTarget, ratioTo, type Row, type Unit } from "../question.ts";
import type { Summary } from "../statistics.ts";

/** Units of the same kind, each so many times the one before, in which an amount is shown. */
const scales: Readonly<Record<string, readonly [unit: string, size: number][]>> = {
  ns: [
    ["ns", 1],
    ["µs", 1e3],
    ["ms", 1e6],
  ],
  ms: [
    ["µs", 1e-3],
    ["ms", 1],
    ["s", 1e3],
  ],
  bytes: [
    ["B", 1],
    ["kB", 1e3],
    ["MB", 1e6],
  ],
  "calls/s": [
    ["/s", 1],
    ["k/s", 1e3],
    ["M/s", 1e6],
  ],
};

/** A number with its three foremost digits, in the unit that suits its size. */
export function formatAmount(amount: number, unit: Unit): string {
  const scale = scales[unit];
  if (scale === undefined) {
    return Math.round(amount).toLocaleString("en-US");
  }
  const [name, size] = scale.findLast((step) => Math.abs(amount) >= step[1]) ?? scale[0] ?? [unit, 1];
  return `${foremostDigits(amount / size, 3)} ${name}`;
}

function foremostDigits(amount: number, digits: number): string {
  return Number(amount.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 8 });
}

/** A figure, or the words that stand for it. */
export function formatFigure(figure: Summary | string | undefined, unit: Unit): string {
  return typeof figure === "object" ? formatAmount(figure.median, unit) : (figure ?? "");
}

/** Ours as so many times the other. */
export function formatRatio(row: Row, other: "incumbent" | "limit"): string {
  const ratio = ratioTo(row, other);
  return ratio === undefined ? "" : `${foremostDigits(ratio, ratio < 10 ? 2 : 3)} ×`;
}

/** The target in words. */
export function formatTarget({ target, unit }: Row): string {
  if (target === undefined) {
    return "";
  }
  return target.of === undefined ? `≤ ${formatAmount(target.atMost, unit)}` : `≤ ${target.atMost} × ${target.of}`;
}

/** Whether the target is met, in a word. */
export function formatVerdict(row: Row): string {
  const met = meetsTarget(row);
  return met === undefined ? "" : met ? "pass" : "miss";
}
