import { inTurn, runProgram } from "../processes.ts";
import type { Bench, Question, Row } from "../question.ts";

async function warmCall(bench: Bench, what: string, asClient: boolean, target?: Row["target"]): Promise<Row> {
  const input = { resources: 1, rounds: bench.quick ? 5 : 25, asClient };
  const figures = await inTurn({ turns: bench.quick ? 1 : 7 }, (contestant) =>
    runProgram(bench, { program: "warm-calls", contestant, input }),
  );
  return { what, unit: "ns", figures, ...(target && { target }) };
}

export const warm: Question = {
  name: "warm",
  title: "A call when the token is at hand",
  async measure(bench) {
    return [await warmCall(bench, "getToken(scope)", false, { of: "limit", atMost: 1.5 })];
  },
};
