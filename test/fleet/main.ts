// pnpm fleet: 10 000 instances with 8 workers and 5 resources, deployed in the same second, for three days. By the credential's own
// functions that say when to refresh and when to try again.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readOptions } from "@appservice-msi/command-line";
import { chance } from "../chance.ts";
import { type Diagram, plotOverTime, type Series } from "../time-plot.ts";
import { alwaysNew, away, cached, countRequests, type Platform } from "./fleet.ts";

readOptions({
  usage: "Usage: npx -y pnpm@12 fleet\n\nPrints the figures and writes docs/images/fleet.svg.",
  options: {},
});

const days = 3;
const size = { instances: 10_000, workers: 8, resources: 5, forInMs: days * 86_400_000 };
const keys = size.instances * size.workers * size.resources;
const picture = "docs/images/fleet.svg";

/** Each point of a line is the busiest second of so many. */
const secondsOfAPoint = 600;

const situations: readonly { readonly title: string; readonly platform: Platform }[] = [
  { title: "The platform brings a new token each time", platform: alwaysNew },
  { title: "The platform keeps one token for a day", platform: cached },
  { title: "The platform is away from hour 11 to hour 13", platform: away },
];

function busiest(counts: Uint32Array): [number, number][] {
  return Array.from({ length: counts.length / secondsOfAPoint }, (_, index): [number, number] => {
    const from = index * secondsOfAPoint;
    return [from, Math.max(...counts.subarray(from, from + secondsOfAPoint))];
  });
}

function report(title: string, counts: Uint32Array, jitter: boolean): void {
  const later = counts.subarray(60);
  const total = counts.reduce((sum, each) => sum + each, 0);
  const cells = [
    title.padEnd(48),
    jitter ? "jitter" : "none  ",
    `first second ${(counts[0] ?? 0).toLocaleString("en-US")}`.padEnd(22),
    `busiest second later ${Math.max(...busiest(later).map(([, most]) => most)).toLocaleString("en-US")}`.padEnd(30),
    `${(total / keys / days).toFixed(1)} requests a day for each token of a worker`,
  ];
  console.log(cells.join("  "));
}

function line({ title, platform }: (typeof situations)[number], jitter: boolean): Series {
  const counts = countRequests({ ...size, platform, jitter, random: chance(1) });
  report(title, counts, jitter);
  return { name: jitter ? "with jitter" : "without", colour: jitter ? "ours" : "incumbent", points: busiest(counts) };
}

const diagrams = situations.map((situation): Diagram => ({
  title: situation.title,
  scale: "log",
  series: [line(situation, false), line(situation, true)],
}));
const svg = plotOverTime(
  {
    title: "Requests a second from 10,000 instances deployed in the same second",
    subtitle:
      "400,000 tokens of 24 h: 8 workers an instance, 5 resources a worker. The busiest second of each 10 minutes.",
    description: "With jitter the peaks of the refreshes are two orders of magnitude lower than without.",
  },
  {
    end: days * 86_400,
    ticks: Array.from({ length: days * 2 + 1 }, (_, half) => ({ at: half * 43_200, label: `${half * 12} h` })),
  },
  diagrams,
);
await writeFile(join(import.meta.dirname, "../..", picture), svg);
console.log(`Picture: ${picture}`);
