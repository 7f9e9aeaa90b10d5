import { type Endpoint, openEndpoint } from "../endpoint.ts";
import { runProgram } from "../processes.ts";
import { type Bench, type Contestant, contestants, type Question, type Row } from "../question.ts";
import { median, summarize, type Summary } from "../statistics.ts";

const program = new URL("../programs/late-endpoint.ts", import.meta.url);

/** One call. Times are on the wall clock, which all processes share: milliseconds since 1970. */
interface Call {
  readonly gotToken: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Some calls at once, and when the endpoint began to listen. */
interface Turn {
  readonly lateInMs: number;
  readonly contestant: Contestant;
  readonly calls: readonly Call[];
  readonly listenedAt: number;
}

interface Variant {
  readonly key: string;
  readonly what: string;
  readonly options?: object;
}

const variants: readonly Variant[] = [
  { key: "default", what: "as they come" },
  {
    key: "tuned",
    what: "both with maxRetries 10, maxRetryDelayInMs 1000",
    options: { retryOptions: { maxRetries: 10, retryDelayInMs: 200, maxRetryDelayInMs: 1000 } },
  },
];

/** Pauses are drawn by lot, so one call says little. */
const instances = 8;

/** The limit asks this often. */
const pollEveryInMs = 10;

/** Calls `prepare` when so many have come, and lets all of them go on together. */
function barrier(parties: number, prepare: () => void): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = parties;
  return () => {
    missing -= 1;
    if (missing === 0) {
      prepare();
      resolve();
    }
    return promise;
  };
}

/** All wait at once, when all are ready: they sleep nearly all of the time, and one after another would take minutes. */
async function waitTogether(bench: Bench, { options }: Variant, delaysInMs: readonly number[]): Promise<Turn[]> {
  const late = await Promise.all(delaysInMs.map(async (lateInMs) => ({ lateInMs, endpoint: await openEndpoint() })));
  const listenedAt = new Map<number, number>();
  const onReady = barrier(late.length * contestants.length, () => {
    for (const { lateInMs, endpoint } of late) {
      const { until = Number.NaN } = endpoint.emulator.faults.arm("not-listening", { forInMs: lateInMs });
      listenedAt.set(lateInMs, until);
    }
  });
  const wait = async (endpoint: Endpoint, lateInMs: number, contestant: Contestant): Promise<Turn> => {
    const input = contestant === "limit" ? { instances, pollEveryInMs } : { instances, options };
    const calls = await runProgram<Call[]>({ ...bench, endpoint }, { program, contestant, input, onReady });
    return { lateInMs, contestant, calls, listenedAt: listenedAt.get(lateInMs) ?? Number.NaN };
  };
  const turns = await Promise.all(
    late.flatMap(({ lateInMs, endpoint }) => contestants.map((contestant) => wait(endpoint, lateInMs, contestant))),
  );
  await Promise.all(late.map(({ endpoint }) => endpoint[Symbol.asyncDispose]()));
  return turns;
}

/** The time since the endpoint listened, or how many calls ended without a token. */
function toFigure(turns: readonly Turn[]): Summary | string {
  const calls = turns.flatMap((turn) => turn.calls);
  const without = calls.filter(({ gotToken }) => !gotToken);
  if (without.length > 0) {
    const seconds = median(without.map(({ endedAt, startedAt }) => endedAt - startedAt)) / 1000;
    return `${without.length} of ${calls.length} gave up after ${seconds.toFixed(1)} s`;
  }
  const medians = turns.map((turn) => median(turn.calls.map(({ endedAt }) => endedAt - turn.listenedAt)));
  return summarize(medians);
}

async function comeUpLate(bench: Bench, variant: Variant, delaysInMs: readonly number[]): Promise<Row[]> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < (bench.quick ? 1 : 3); turn += 1) {
    turns.push(...(await waitTogether(bench, variant, delaysInMs)));
  }
  const figure = (lateInMs: number, contestant: Contestant): Summary | string =>
    toFigure(turns.filter((turn) => turn.lateInMs === lateInMs && turn.contestant === contestant));
  return delaysInMs.map((lateInMs) => ({
    id: `late-endpoint.${lateInMs}.${variant.key}`,
    what: `${lateInMs / 1000} s late, ${variant.what}`,
    unit: "ms",
    figures: {
      ours: figure(lateInMs, "ours"),
      incumbent: figure(lateInMs, "incumbent"),
      limit: figure(lateInMs, "limit"),
    },
  }));
}

export const lateEndpoint: Question = {
  name: "late-endpoint",
  title: "From the moment a late endpoint listens to the first token",
  async measure(bench) {
    const delaysInMs = bench.quick ? [1000] : [1000, 3000, 5000];
    const rows: Row[] = [];
    for (const variant of variants) {
      rows.push(...(await comeUpLate(bench, variant, delaysInMs)));
    }
    return rows;
  },
};
