// Run as a process of its own, where nothing is warm: how long it takes to start emulators, one after another.
import { startEmulator } from "../src/index.ts";

const before = process.threadCpuUsage();
const first = await startEmulator();
const { user, system } = process.threadCpuUsage(before);

const walls: number[] = [];
for (let starts = 0; starts < 10; starts += 1) {
  const start = performance.now();
  // oxlint-disable-next-line no-await-in-loop -- one after another, since each is timed
  const emulator = await startEmulator();
  walls.push(performance.now() - start);
  // oxlint-disable-next-line no-await-in-loop -- one after another
  await emulator.close();
}
await first.close();
process.stdout.write(JSON.stringify({ workInMs: (user + system) / 1000, fastestInMs: Math.min(...walls) }));
