import { inTurn, runProgram } from "../processes.ts";
import type { Bench, Contestant, Question, Row } from "../question.ts";
import { summarize } from "../statistics.ts";

interface Outcome {
  readonly durationInMs: number;
  readonly failed: number;
  readonly reason: string;
}

async function ask(bench: Bench, callers: number): Promise<Row[]> {
  const requests: Record<Contestant, number[]> = { ours: [], incumbent: [], limit: [] };
  const failed: Record<Contestant, number[]> = { ours: [], incumbent: [], limit: [] };
  const durations = await inTurn({ turns: turnsFor(callers, bench.quick) }, async (contestant) => {
    let outcome: Outcome = { durationInMs: 0, failed: 0, reason: "" };
    const count = await bench.endpoint.countRequests(async () => {
      outcome = await runProgram<Outcome>(bench, { program: "cold-callers", contestant, input: { callers } });
    });
    requests[contestant].push(count);
    failed[contestant].push(outcome.failed);
    return outcome.durationInMs;
  });
  const counts = (taken: typeof requests): Row["figures"] => ({
    ours: summarize(taken.ours),
    incumbent: summarize(taken.incumbent),
    limit: summarize(taken.limit),
  });
  const what = callers === 1 ? "1 caller" : `${callers} callers`;
  const rows: Row[] = [
    { what: `${what}: requests`, unit: "requests", figures: counts(requests), target: { atMost: 1 } },
    { what: `${what}: until all have a token`, unit: "ms", figures: durations },
  ];
  return Object.values(failed)
    .flat()
    .some((count) => count > 0)
    ? [...rows, { what: `${what}: without a token`, unit: "calls", figures: counts(failed) }]
    : rows;
}

/** Ten thousand requests take their time. */
function turnsFor(callers: number, quick: boolean): number {
  return quick ? 1 : callers >= 10_000 ? 3 : 5;
}

export const coldCallers: Question = {
  name: "cold-callers",
  title: "Many callers at once, before there is a token",
  async measure(bench) {
    const rows: Row[] = [];
    for (const callers of bench.quick ? [1, 1000] : [1, 10, 100, 1000, 10_000]) {
      rows.push(...(await ask(bench, callers)));
    }
    return rows;
  },
};
