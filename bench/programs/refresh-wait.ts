// A steady stream of callers across the refresh point of a token: how long each one waits. A caller comes every few
// milliseconds whether or not the ones before have been served.
import { setTimeout } from "node:timers/promises";
import { loadCredential, readInput, ready, report, storageScope } from "./contestant.ts";
import { shiftClock } from "./shifted-clock.ts";

const { module, forwardInMs, windowInMs, everyInMs } = readInput() as {
  module: string;
  forwardInMs: number;
  windowInMs: number;
  everyInMs: number;
};
const credential = new (await loadCredential(module))();
const waits: number[] = [];
let failed = 0;

async function call(): Promise<void> {
  const start = performance.now();
  try {
    await credential.getToken(storageScope);
  } catch {
    failed += 1;
  }
  waits.push(performance.now() - start);
}

await call();
for (const start = performance.now(); performance.now() - start < 200;) {
  await call(); // what callers wait for later shall not be the compiler
}
waits.length = 0;
await ready();
shiftClock(forwardInMs);
const calls: Promise<void>[] = [];
for (const start = performance.now(); performance.now() - start < windowInMs;) {
  calls.push(call());
  await setTimeout(everyInMs);
}
await Promise.all(calls);
report({ waits, failed });
