import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a process holds while it has nothing to do. */
export interface Reading {
  /** All memory that the system has given it. */
  readonly rssInBytes: number;
  /** Objects and buffers that are still reachable. */
  readonly heapInBytes: number;
  /** Timers, sockets, servers, requests: whatever keeps the event loop alive. */
  readonly handles: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Reads what this process holds, as soon as its handles are down to `usual`, or after `patienceInMs`. */
export async function readGauge(usual: number, patienceInMs: number): Promise<Reading> {
  const end = performance.now() + patienceInMs;
  while (countHandles() > usual && performance.now() < end) {
    await wait(20);
  }
  // A finalizer runs after the collection that found its object, and what it lets go is found by the next one.
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssInBytes: rss, heapInBytes: heapUsed + external, handles: countHandles() };
}

function countHandles(): number {
  return process.getActiveResourcesInfo().length;
}
