// Run as a process of its own: leaves as much open as an emulator can, closes it, and has to end by itself.
import { connectEmulator, startEmulator } from "../src/index.ts";
import { ask } from "./ask.ts";

const emulator = await startEmulator();
const remote = await connectEmulator(emulator.dashboardUrl);
await remote.journal.subscribe(() => {});
emulator.faults.arm("hang", { times: 1 });
emulator.faults.arm("slow-headers", { delayInMs: 600_000, times: 1 });
emulator.faults.arm("slow-body", { durationInMs: 600_000, times: 1 });
const answers = [1, 2, 3].map(() => ask(emulator.env).then((response) => response.text()));
const waiting = emulator.journal.next({ status: 418 }, { timeoutInMs: 600_000 });
await emulator.journal.next({ fault: "slow-body" });
emulator.faults.arm("not-listening", { forInMs: 600_000 });
emulator.faults.clear("not-listening");
await emulator.close();
const ends = await Promise.allSettled([...answers, waiting]);
process.stdout.write(ends.map(({ status }) => status).join(" "));
