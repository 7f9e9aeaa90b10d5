import { runProgram, summarizeEach, takeTurns } from "../processes.ts";
import type { Bench, Contestant, Question, Row } from "../question.ts";

const program = new URL("../programs/cold-callers.ts", import.meta.url);

interface Outcome {
  readonly durationInMs: number;
  readonly failed: number;
  readonly requests: number;
}

async function ask(bench: Bench, contestant: Contestant, callers: number): Promise<Outcome> {
  let outcome: Omit<Outcome, "requests"> = { durationInMs: 0, failed: 0 };
  const requests = await bench.endpoint.countRequests(async () => {
    outcome = await runProgram(bench, { program, contestant, input: { callers } });
  });
  return { ...outcome, requests };
}

async function together(bench: Bench, callers: number): Promise<Row[]> {
  const outcomes = await takeTurns(turnsFor(callers, bench.quick), (contestant) => ask(bench, contestant, callers));
  const id = `cold-callers.${callers}`;
  const who = callers === 1 ? "1 caller" : `${callers.toLocaleString("en-US")} callers`;
  const failed = summarizeEach(outcomes, (outcome) => outcome.failed);
  const anyFailed = Object.values(failed).some((figure) => typeof figure === "object" && figure.high > 0);
  return [
    {
      id: `${id}.requests`,
      what: `${who}: requests`,
      unit: "requests",
      figures: summarizeEach(outcomes, ({ requests }) => requests),
      target: { atMost: 1 },
    },
    {
      id: `${id}.time`,
      what: `${who}: until all are served`,
      unit: "ms",
      figures: summarizeEach(outcomes, ({ durationInMs }) => durationInMs),
    },
    ...(anyFailed
      ? [{ id: `${id}.failed`, what: `${who}: without a token`, unit: "calls", figures: failed } as const]
      : []),
  ];
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
      rows.push(...(await together(bench, callers)));
    }
    return rows;
  },
};
