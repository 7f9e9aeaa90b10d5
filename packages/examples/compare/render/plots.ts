import type { Comparison, Row } from "#comparison";
import type { Outcome } from "#outcome";
import type { Mark, Plot, PlotRow, Track } from "./plot.ts";
import { duration, rowsOf } from "./wording.ts";

const hourInMs = 3_600_000;

/** The pictures that the rows at hand allow. */
export function plotsOf(comparison: Comparison): readonly Plot[] {
  return [plotCallers(comparison), plotExpiry(comparison), plotWaiting(comparison)].filter(
    (plot) => plot !== undefined,
  );
}

const mostCallers = 1000;

/** Where a number of requests lies between 1 and 1000, on a logarithmic scale that begins a little before 1. */
function onLogarithm(requests: number): number {
  const before = 0.02;
  return before + (1 - before) * (Math.log10(Math.max(requests, 1)) / Math.log10(mostCallers));
}

function plotCallers(comparison: Comparison): Plot | undefined {
  const row = rowsOf(comparison).find(({ name }) => name === "thousand-callers");
  const numbers = Object.keys(row?.cells[0]?.outcome.figures ?? {});
  if (row === undefined || numbers.length === 0) {
    return undefined;
  }
  const rows = numbers.map((callers): PlotRow => {
    const tracks = row.cells.map(({ outcome }): Track => {
      const requests = outcome.figures?.[callers] ?? 0;
      return { label: String(requests), marks: [{ kind: "bar", from: 0, to: onLogarithm(requests) }] };
    });
    return { name: row.name, label: `${callers} caller${callers === "1" ? "" : "s"}`, tracks };
  });
  return {
    name: "callers",
    title: "Requests for the first token",
    caption: "Callers that ask at the same time, with nothing in memory. Logarithmic.",
    axis: [1, 10, 100, mostCallers].map((requests) => ({ at: onLogarithm(requests), label: String(requests) })),
    groups: [{ rows }],
    legend: [],
  };
}

const dayInHours = 24;

function plotExpiry({ groups }: Comparison): Plot | undefined {
  const rows = groups.flatMap((group) => group.rows).filter(({ name }) => /^(refresh-point|date-.*)$/.test(name));
  if (rows.length < 2) {
    return undefined;
  }
  return {
    name: "expiry",
    title: "Life of a token of 24 hours",
    caption:
      "As its holder reads expires_on. A token without a bar is taken to expire now, so every call is a request.",
    axis: [0, 6, 12, 18, dayInHours].map((hours) => ({ at: hours / dayInHours, label: `${hours} h` })),
    groups: [{ rows: rows.map(lifeOf) }],
    legend: [{ kind: "refresh", meaning: "refresh due" }],
  };
}

function lifeOf({ name, question, cells }: Row): PlotRow {
  return {
    name,
    label: question,
    tracks: cells.map(({ outcome: { token } }) => {
      const lifeInHours = Math.max(0, Math.round((token?.lifeInMs ?? 0) / hourInMs));
      const refreshInHours = (token?.refreshInMs ?? 0) / hourInMs;
      const marks: Mark[] = [{ kind: "bar", from: 0, to: Math.max(lifeInHours / dayInHours, 0.004) }];
      if (refreshInHours > 0) {
        marks.push({ kind: "refresh", at: refreshInHours / dayInHours });
      }
      return { label: lifeInHours === 0 ? "now" : `${lifeInHours} h`, marks };
    }),
  };
}

/** Calls that end sooner for everyone make no picture. */
const worthDrawingInMs = 1000;

/** A limit of 30 s is over a little after 30 s, which is no reason to draw 5 s more. */
const slackInMs = 500;

function plotWaiting({ groups }: Comparison): Plot | undefined {
  const drawn = groups
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter(
        ({ cells, name }) =>
          name !== "thousand-callers" && cells.some(({ outcome }) => outcome.durationInMs >= worthDrawingInMs),
      ),
    }))
    .filter(({ rows }) => rows.length > 0);
  if (drawn.length === 0) {
    return undefined;
  }
  const outcomes = drawn.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(({ outcome }) => outcome)));
  const seconds = Math.max(
    5,
    5 * Math.ceil((Math.max(...outcomes.map((each) => each.durationInMs)) - slackInMs) / 5000),
  );
  return {
    name: "waiting",
    title: "How long a caller waits",
    caption: "From the call to its end, in seconds. Rows in which nobody waits for a second are left out.",
    axis: Array.from({ length: seconds / 5 + 1 }, (_, index) => ({
      at: (index * 5) / seconds,
      label: `${index * 5} s`,
    })),
    groups: drawn.map(({ title, rows }) => ({ title, rows: rows.map((row) => waitOf(row, seconds * 1000)) })),
    legend: [
      { kind: "request", meaning: "request" },
      { kind: "token", meaning: "token" },
      { kind: "error", meaning: "error" },
      { kind: "waiting", meaning: "still waiting" },
    ],
  };
}

function waitOf({ name, question, cells }: Row, widthInMs: number): PlotRow {
  return { name, label: question, tracks: cells.map(({ outcome }) => timeline(outcome, widthInMs)) };
}

function timeline({ ended, durationInMs, requests }: Outcome, widthInMs: number): Track {
  if (ended === "lacking") {
    return { label: "–", marks: [] };
  }
  const end = durationInMs / widthInMs;
  return {
    label: ended === "waiting" ? `${duration(durationInMs)} …` : duration(durationInMs),
    marks: [
      { kind: "line", from: 0, to: end },
      ...requests.map(({ atInMs }): Mark => ({ kind: "request", at: atInMs / widthInMs })),
      { kind: ended, at: end },
    ],
  };
}
