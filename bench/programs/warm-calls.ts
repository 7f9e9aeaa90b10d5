// Nanoseconds that a call takes when its token is at hand, one call after another.
import { type Credential, loadCredential, readInput, report } from "./contestant.ts";

const { module, resources, rounds, asClient } = readInput() as {
  module: string;
  resources: number;
  rounds: number;
  asClient: boolean;
};

const warmUpInMs = 300;
const roundInMs = 20;

const scopes = Array.from({ length: resources }, (_, index) => `https://resource-${index}.example.net/.default`);
const calls: [string | string[], object?][] = scopes.map((scope) =>
  asClient ? [[scope], { tracingOptions: {} }] : [scope],
);

async function callMany(credential: Credential, count: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let index = 0; index < count; index += 1) {
    const [scope, options] = calls[index % resources] as (typeof calls)[number];
    await credential.getToken(scope, options);
  }
  return Number(process.hrtime.bigint() - start);
}

const credential = new (await loadCredential(module))();
await callMany(credential, resources);
let calibrated = 0;
for (const start = performance.now(); performance.now() - start < warmUpInMs; calibrated += 100) {
  await callMany(credential, 100);
}
const count = Math.max(100, Math.round((calibrated * roundInMs) / warmUpInMs));
const times: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  times.push((await callMany(credential, count)) / count);
}
report(times.toSorted((one, other) => one - other)[Math.floor(rounds / 2)]);
