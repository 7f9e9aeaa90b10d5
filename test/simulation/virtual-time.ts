import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import FakeTimers from "@sinonjs/fake-timers";
import { chance } from "../chance.ts";

const start = Date.UTC(2030, 0, 1);
const realImmediate = setImmediate;

/** Time and chance of one run, in place of the process's own. */
export interface VirtualTime {
  /** Milliseconds since the run began. No jump of the wall clock changes it. */
  now(): number;
  /** Moves the wall clock to the given distance from the true time. */
  skewWallClock(byInMs: number): void;
  /** Fires timers, one at a time, until there are none; all that a timer sets off is done before the next one fires. */
  drain(): Promise<void>;
  /** How many timers are set. */
  timers(): number;
}

/** The true time of a run in milliseconds since 1970: what a platform's own clock shows. */
export function trueTime(time: VirtualTime): number {
  return start + time.now();
}

/** Runs `work` with virtual timers and clocks, and with chance that is the same for the same seed. */
export async function inVirtualTime<T>(seed: number, work: (time: VirtualTime) => Promise<T>): Promise<T> {
  const clock = FakeTimers.install({ now: start, toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  const realRandom = Math.random;
  Math.random = chance(seed);
  const begun = performance.now();
  const now = (): number => performance.now() - begun;
  try {
    return await work({
      now,
      skewWallClock: (byInMs) => clock.setSystemTime(start + now() + byInMs),
      timers: () => clock.countTimers(),
      async drain() {
        await settle();
        while (clock.countTimers() > 0) {
          clock.next();
          await settle();
        }
      },
    });
  } finally {
    Math.random = realRandom;
    clock.uninstall();
  }
}

/** A turn of the real event loop, in which all promises that can settle do. */
function settle(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Makes sure that what nobody can reach any more is gone. */
export async function collectGarbage(): Promise<void> {
  await settle(); // what was looked at in this turn is held until its end
  gc();
}
