import { inTurn, runProgram } from "../processes.ts";
import type { Bench, Question, Row } from "../question.ts";

interface Neighbour {
  readonly what: string;
  readonly beside?: string;
  readonly atMost?: number;
}

const neighbours: readonly Neighbour[] = [
  { what: "alone", atMost: 0.4 },
  { what: "@azure/storage-blob loaded before", beside: "@azure/storage-blob", atMost: 0.2 },
  { what: "@azure/keyvault-secrets loaded before", beside: "@azure/keyvault-secrets" },
];

async function firstToken(bench: Bench, { what, beside, atMost }: Neighbour): Promise<Row> {
  const figures = await inTurn({ turns: bench.quick ? 3 : 15 }, (contestant) =>
    runProgram(bench, { program: "first-token", contestant, input: { beside } }),
  );
  return { what, unit: "ms", figures, ...(atMost && { target: { of: "incumbent", atMost } }) };
}

export const firstTokenTime: Question = {
  name: "first-token",
  title: "From nothing loaded to the first token",
  async measure(bench) {
    const rows: Row[] = [];
    for (const neighbour of neighbours) {
      rows.push(await firstToken(bench, neighbour));
    }
    return rows;
  },
};
