import { measureInTurn, runProgram } from "../processes.ts";
import type { Bench, Question, Row } from "../question.ts";

const program = new URL("../programs/warm-calls.ts", import.meta.url);

async function warmCall(bench: Bench, asClient: boolean): Promise<Row["figures"]> {
  return measureInTurn(bench.quick ? 1 : 5, (contestant) => {
    // The limit looks into its map by a string, whoever calls.
    const input = { resources: 1, rounds: bench.quick ? 5 : 25, asClient: asClient && contestant !== "limit" };
    return runProgram(bench, { program, contestant, input });
  });
}

export const warm: Question = {
  name: "warm",
  title: "A call when the token is at hand",
  async measure(bench) {
    return [
      {
        id: "warm.call",
        what: "getToken(scope)",
        unit: "ns",
        figures: await warmCall(bench, false),
        target: { of: "limit", atMost: 1.5 },
      },
      {
        id: "warm.client-call",
        what: "getToken([scope], options), as Azure clients call",
        unit: "ns",
        figures: await warmCall(bench, true),
      },
    ];
  },
};
