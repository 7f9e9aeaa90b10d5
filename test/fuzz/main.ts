// pnpm fuzz --runs 10000: feeds the credential, the emulator and the command with nonsense.
import { readOptions, refuse } from "@appservice-msi/command-line";
import { fuzz, targets } from "./fuzz.ts";

const names = targets.map(({ name }) => name);
const usage = `Usage: npx -y pnpm@12 fuzz [options]

  --runs <n>       for each target; default: 1000
  --only <target>  this target only: ${names.join(", ")}
  --seed <n>       which series, as it was printed
  --path <p>       with --seed: one smaller form of what did not hold, as it was printed`;

const { values } = readOptions({
  usage,
  options: {
    runs: { type: "string", default: "1000" },
    only: { type: "string" },
    seed: { type: "string" },
    path: { type: "string" },
  },
  numbers: ["runs", "seed"],
});
if (values.only !== undefined && !names.includes(values.only)) {
  refuse(usage, `There is no target ${values.only}.`);
}

for (const target of targets.filter(({ name }) => values.only === undefined || name === values.only)) {
  const begin = performance.now();
  // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a stray rejection is heard by the right one
  const { runs, seed, outcomes, failure } = await fuzz(target, {
    runs: Number(values.runs),
    seed: values.seed === undefined ? undefined : Number(values.seed),
    path: values.path,
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(
    `${target.name}: ${failure === undefined ? "held" : "DID NOT HOLD"} in ${runs} runs, ${seconds} s, seed ${seed}`,
  );
  console.log(
    `  ${[...outcomes]
      .toSorted((a, b) => b[1] - a[1])
      .map(([name, times]) => `${name} ${times}`)
      .join(", ")}`,
  );
  if (failure !== undefined) {
    console.log(failure);
    process.exitCode = 1;
  }
}
