// The endpoint of the long run, in a process of its own: an emulator that meets with ever new faults.
import { setTimeout as wait } from "node:timers/promises";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { chance } from "../chance.ts";
import { type Reading, readGauge } from "./gauge.ts";

/** What the parent asks for: trouble, or an end to it and a reading. */
export type Order = { readonly order: "trouble" } | { readonly order: "rest"; readonly usualHandles: number };

/** What the parent is told. */
export type Report =
  | { readonly report: "variables"; readonly env: Record<string, string> }
  | { readonly report: "rest"; readonly reading: Reading; readonly requests: number; readonly faults: number };

/** Short enough for many refreshes, long enough for some of life to be left after a fault. */
const tokenLifetimeInMs = 20_000;

/** The app learns of a new secret so much later. */
const publishEveryInMs = 50;

const emulator = await startEmulator({ tokenLifetimeInMs });
const random = chance(Number(process.argv[2]));
const names = emulator.faults.list().map(({ name }) => name);
let calm = new AbortController();
let requests = 0;
let faults = 0;

emulator.journal.subscribe(({ durationInMs, fault }) => {
  if (durationInMs === undefined) {
    requests += 1;
    faults += fault === undefined ? 0 : 1;
  }
});

function tell(report: Report): void {
  process.send?.(report);
}

function publish({ env }: Emulator): void {
  tell({ report: "variables", env: { ...env } });
}

async function makeTrouble(until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const name = names[Math.floor(random() * names.length)] as (typeof names)[number];
    emulator.faults.arm(name, { forInMs: 200 + random() * 1_800 });
    await wait(200 + random() * 1_300, undefined, { signal: until }).catch(() => {});
  }
}

process.on("message", (message: Order) => {
  if (message.order === "trouble") {
    calm = new AbortController();
    void makeTrouble(calm.signal);
  } else {
    calm.abort();
    emulator.faults.clear();
    void readGauge(message.usualHandles, 8_000).then((reading) => tell({ report: "rest", reading, requests, faults }));
  }
});
process.on("disconnect", () => process.exit());

let secret = "";
setInterval(() => {
  const { IDENTITY_HEADER = "" } = emulator.env;
  if (IDENTITY_HEADER !== secret) {
    secret = IDENTITY_HEADER;
    publish(emulator);
  }
}, publishEveryInMs);
