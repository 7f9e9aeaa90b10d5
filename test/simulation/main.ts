// pnpm simulate: the credential through days and months of trouble on virtual time, one scenario for each seed.
// `--help` says more.
import { readOptions } from "@appservice-msi/command-line";
import * as credential from "@appservice-msi/credential";
import { simulate } from "./simulate.ts";

const { values } = readOptions({
  usage: `Usage: npx -y pnpm@12 simulate [options]

  --seeds <n>    so many seeds; default: 500
  --from <n>     the first of them; default: 1
  --minutes <n>  no new seed after so long
  --seed <n>     this one alone, as it was; where it fails, it is made smaller, in the same way each time
  --path <p>     with --seed: one smaller form of it, as it was printed`,
  options: {
    seeds: { type: "string", default: "500" },
    from: { type: "string", default: "1" },
    minutes: { type: "string", default: "Infinity" },
    seed: { type: "string" },
    path: { type: "string" },
  },
  numbers: ["seeds", "from", "minutes", "seed"],
});
const begin = performance.now();
const { runs, calls, requests, virtualDays, failure } = await simulate(credential, {
  seeds: values.seed === undefined ? Number(values.seeds) : 1,
  from: Number(values.seed ?? values.from),
  path: values.path,
  timeLimitInMs: Number(values.minutes) * 60_000,
});
const seconds = (performance.now() - begin) / 1000;
console.log(
  `${runs} scenarios, ${Math.round(virtualDays)} virtual days, ${calls} calls, ${requests} requests in ${seconds.toFixed(1)} s`,
);
if (failure) {
  console.log(`\nSeed ${failure.seed} did not hold: ${failure.message}`);
  console.log(JSON.stringify(failure.scenario, null, 2));
  console.log(`\nAgain: pnpm simulate --seed ${failure.seed}`);
  console.log(`This smaller form of it: pnpm simulate --seed ${failure.seed} --path "${failure.path}"`);
  process.exitCode = 1;
} else {
  console.log("Everything held.");
}
