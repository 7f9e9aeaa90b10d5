import { measureInTurn, runProgram } from "../processes.ts";
import type { Bench, Question, Row } from "../question.ts";

const program = new URL("../programs/warm-calls.ts", import.meta.url);

async function callsPerSecond(bench: Bench, resources: number): Promise<Row> {
  const input = { resources, rounds: bench.quick ? 3 : 9, asClient: false };
  const figures = await measureInTurn(bench.quick ? 1 : 3, async (contestant) => {
    const nanoseconds = await runProgram<number>(bench, { program, contestant, input });
    return 1e9 / nanoseconds;
  });
  const what = resources === 1 ? "1 resource" : `${resources} resources in turn`;
  return { id: `throughput.${resources}`, what, unit: "calls/s", figures };
}

export const throughput: Question = {
  name: "throughput",
  title: "Warm calls in a second, one after another",
  async measure(bench) {
    const rows: Row[] = [];
    for (const resources of bench.quick ? [1, 100] : [1, 10, 100]) {
      rows.push(await callsPerSecond(bench, resources));
    }
    return rows;
  },
};
