// pnpm simulate --seeds 10000: the credential through days and months of trouble on virtual time.
import { parseArgs } from "node:util";
import * as credential from "@appservice-msi/credential";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "500" },
    seed: { type: "string" },
    path: { type: "string" },
    minutes: { type: "string", default: "60" },
  },
});
const begin = performance.now();
const { runs, calls, requests, virtualDays, failure } = await simulate(credential, {
  seeds: Number(values.seeds),
  seed: values.seed === undefined ? undefined : Number(values.seed),
  path: values.path,
  timeLimitInMs: Number(values.minutes) * 60_000,
});
const seconds = (performance.now() - begin) / 1000;
console.log(
  `${runs} scenarios, ${Math.round(virtualDays)} virtual days, ${calls} calls, ${requests} requests in ${seconds.toFixed(1)} s`,
);
if (failure) {
  console.log(`\nDid not hold: ${failure.message}\n${JSON.stringify(failure.scenario, null, 2)}`);
  console.log(`\nAgain: pnpm simulate --seed ${failure.seed} --path "${failure.path}"`);
  process.exitCode = 1;
} else {
  console.log("Everything held.");
}
