// pnpm soak --minutes 15: the credential and the emulator in two processes, callers of every kind, ever new faults, real sockets.
// `--help` says more.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { readOptions, refuse } from "@appservice-msi/command-line";
import * as credential from "@appservice-msi/credential";
import { inMegabytes } from "./flatness.ts";
import { plotSoak } from "./plot.ts";
import { type Sample, soak } from "./soak.ts";
import type { Tally } from "./traffic.ts";

const usage = `Usage: npx -y pnpm@12 soak [options]

  --minutes <n>  default: 15
  --seed <n>     which series of faults; default: 1
  --plot <file>  where the picture goes; default: test/dist/soak.svg`;

const { values: options } = readOptions({
  usage,
  options: {
    minutes: { type: "string", default: "15" },
    seed: { type: "string", default: "1" },
    plot: { type: "string", default: "test/dist/soak.svg" },
  },
  numbers: ["minutes", "seed"],
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) {
  refuse(usage, "--minutes takes a number above 0.");
}

const columns = [
  "after",
  "calls",
  "errors",
  "requests",
  "faults",
  "app",
  "rss",
  "handles",
  "endpoint",
  "rss",
  "handles",
];
const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(10)).join("");

function print({ atInMs, calls, errors, requests, faults, app, endpoint }: Sample): void {
  const processes = [app, endpoint].flatMap(({ heapInBytes, rssInBytes, handles }) => [
    inMegabytes(heapInBytes),
    inMegabytes(rssInBytes),
    handles,
  ]);
  console.log(row([`${(atInMs / 60_000).toFixed(1)} min`, calls, errors, requests, faults, ...processes]));
}

function printErrors({ errors }: Tally): void {
  const counts = [...errors].toSorted(([, one], [, other]) => other - one).map(([name, count]) => `${name} ${count}`);
  console.log(`Errors: ${counts.join(", ")}`);
}

console.log(row(columns));
const { samples, tally, complaints } = await soak(credential, {
  forInMs: minutes * 60_000,
  seed: Number(options.seed),
  onSample: print,
});
printErrors(tally);
await mkdir(dirname(resolve(options.plot)), { recursive: true });
await writeFile(options.plot, plotSoak(samples));
console.log(`Picture: ${options.plot}`);
console.log(complaints.length === 0 ? "Flat." : `Not as it should be:\n${complaints.join("\n")}`);
process.exitCode = complaints.length === 0 ? 0 : 1;
