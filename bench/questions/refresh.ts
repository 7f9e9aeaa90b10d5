import type { Emulator } from "@appservice-msi/emulator";
import { runProgram, summarizeEach, takeTurns } from "../processes.ts";
import type { Bench, Contestant, Question, Row } from "../question.ts";
import { quantile } from "../statistics.ts";

const program = new URL("../programs/refresh-wait.ts", import.meta.url);

interface Stream {
  readonly waits: readonly number[];
  readonly failed: number;
  readonly requests: number;
}

/** What is the matter with the endpoint. */
interface Trouble {
  readonly key: string;
  readonly what: string;
  arm(faults: Emulator["faults"]): void;
}

const troubles: readonly Trouble[] = [
  {
    key: "slow",
    what: "endpoint answers after 2 s",
    arm: (faults) => void faults.arm("slow-headers", { delayInMs: 2000 }),
  },
  { key: "failing", what: "endpoint answers 500", arm: (faults) => void faults.arm("status-500") },
  {
    key: "silent",
    what: "nothing listens",
    arm: (faults) => void faults.arm("not-listening", { forInMs: Number.POSITIVE_INFINITY }),
  },
];

/** Past the middle of a token's 24 hours, where both credentials want a new one. */
const forwardInMs = 13 * 3_600_000;
const everyInMs = 5;

/** A caller that waits for nothing may still find the process or the machine busy for a moment. */
const noWaitInMs = 20;

async function stream(bench: Bench, contestant: Contestant, trouble: Trouble): Promise<Stream> {
  const { endpoint } = bench;
  const { emulator } = endpoint;
  const onReady = (): void => {
    emulator.clock.advance(forwardInMs);
    trouble.arm(emulator.faults);
  };
  // The limit never comes to a refresh point: it shows what a call takes under the same load.
  const forward = contestant === "limit" ? 0 : forwardInMs;
  const input = { forwardInMs: forward, windowInMs: bench.quick ? 500 : 2000, everyInMs };
  let outcome: Omit<Stream, "requests"> = { waits: [], failed: 0 };
  const requests = await endpoint.countRequests(async () => {
    outcome = await runProgram(bench, { program, contestant, input, onReady });
  });
  await emulator.reset();
  return { ...outcome, requests: requests - 1 };
}

async function across(bench: Bench, trouble: Trouble): Promise<Row[]> {
  const streams = await takeTurns(bench.quick ? 1 : 3, (contestant) => stream(bench, contestant, trouble));
  const { key, what } = trouble;
  const wait = (share: number): Row["figures"] => summarizeEach(streams, ({ waits }) => quantile(waits, share));
  return [
    { id: `refresh.${key}.p50`, what: `${what}: wait, median`, unit: "ms", figures: wait(0.5) },
    { id: `refresh.${key}.p99`, what: `${what}: wait, 99 of 100`, unit: "ms", figures: wait(0.99) },
    {
      id: `refresh.${key}.max`,
      what: `${what}: wait, longest`,
      unit: "ms",
      figures: wait(1),
      target: { atMost: noWaitInMs },
    },
    {
      id: `refresh.${key}.failed`,
      what: `${what}: calls that failed, of 100`,
      unit: "calls",
      figures: summarizeEach(streams, ({ failed, waits }) => (100 * failed) / waits.length),
      target: { atMost: 0 },
    },
    {
      id: `refresh.${key}.requests`,
      what: `${what}: requests`,
      unit: "requests",
      figures: summarizeEach(streams, ({ requests }) => requests),
    },
  ];
}

export const refresh: Question = {
  name: "refresh",
  title: "Callers every 5 ms while a token of 24 h is due for refresh",
  async measure(bench) {
    const rows: Row[] = [];
    for (const trouble of troubles) {
      rows.push(...(await across(bench, trouble)));
    }
    return rows;
  },
};
