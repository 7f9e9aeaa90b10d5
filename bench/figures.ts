// Figures as people read them.
import { meetsTarget, ratioTo, type Row, type Unit } from "./question.ts";
import type { Summary } from "./statistics.ts";

/** A number with three digits that count, and its unit. */
export function formatAmount(amount: number, unit: Unit): string {
  if (unit === "bytes") {
    return amount < 10_000 ? `${threeDigits(amount)} B` : formatBytes(amount);
  }
  return unit === "requests" || unit === "packages" || unit === "calls"
    ? Math.round(amount).toLocaleString("en-US")
    : `${threeDigits(amount)} ${unit}`;
}

function formatBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${threeDigits(bytes / 1000)} kB` : `${threeDigits(bytes / 1_000_000)} MB`;
}

function threeDigits(amount: number): string {
  return Number(amount.toPrecision(Math.abs(amount) >= 1000 ? 4 : 3)).toLocaleString("en-US", {
    maximumFractionDigits: 6,
  });
}

/** A figure, or the words that stand for it. */
export function formatFigure(figure: Summary | string | undefined, unit: Unit): string {
  return typeof figure === "object" ? formatAmount(figure.median, unit) : (figure ?? "");
}

/** Ours as so many times the other. */
export function formatRatio(row: Row, other: "incumbent" | "limit"): string {
  const ratio = ratioTo(row, other);
  return ratio === undefined ? "" : `${threeDigits(ratio)} ×`;
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
