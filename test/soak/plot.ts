import { type Series, plotOverTime } from "../time-plot.ts";
import type { Reading } from "./gauge.ts";
import type { Sample } from "./soak.ts";

const megabyte = 1024 * 1024;
const minute = 60_000;

/** The long run as a picture: what both processes held at each rest, and what happened between the rests. */
export function plotSoak(samples: readonly Sample[]): string {
  const end = samples.at(-1)?.atInMs ?? 0;
  const step = Math.max(1, Math.round(end / minute / 5));
  const ticks = Array.from({ length: Math.floor(end / minute / step) + 1 }, (_, index) => index * step);
  const diagrams = [
    ["Memory in use after garbage collection, MB", ({ heapInBytes }: Reading) => heapInBytes / megabyte],
    ["Resident memory, MB", ({ rssInBytes }: Reading) => rssInBytes / megabyte],
    ["Handles at rest", ({ handles }: Reading) => handles],
  ] as const;
  return plotOverTime(
    {
      title: "A long run on real sockets",
      subtitle:
        "What both processes hold whenever the callers rest, and what happens in between. Minutes to the right.",
      description: describe(samples),
    },
    { end, ticks: ticks.map((at) => ({ at: at * minute, label: String(at) })) },
    [
      ...diagrams.map(([title, of]) => ({
        title,
        scale: "linear" as const,
        series: [processLine("credential", "ours", samples, of), processLine("emulator", "incumbent", samples, of)],
      })),
      {
        title: "Requests and errors a second",
        scale: "log",
        series: [rate("requests", "ours", samples), rate("errors", "incumbent", samples)],
      },
    ],
  );
}

function processLine(
  name: "credential" | "emulator",
  colour: Series["colour"],
  samples: readonly Sample[],
  of: (reading: Reading) => number,
): Series {
  const who = name === "credential" ? "app" : "endpoint";
  return { name, colour, points: samples.map((sample) => [sample.atInMs, of(sample[who])]) };
}

function rate(name: "requests" | "errors", colour: Series["colour"], samples: readonly Sample[]): Series {
  const points = samples.slice(1).map((sample, index): [number, number] => {
    const before = samples[index] as Sample;
    return [sample.atInMs, (sample[name] - before[name]) / ((sample.atInMs - before.atInMs) / 1000)];
  });
  return { name, colour, points };
}

function describe(samples: readonly Sample[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  return first && last
    ? `${last.requests} requests, ${last.errors} errors; memory in use of the credential's process ` +
        `${(first.app.heapInBytes / megabyte).toFixed(1)} MB at the begin and ${(last.app.heapInBytes / megabyte).toFixed(1)} MB at the end, ` +
        `handles ${first.app.handles} and ${last.app.handles}`
    : "no reading";
}
