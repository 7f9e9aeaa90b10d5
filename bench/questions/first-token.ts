import { runProgram, summarizeEach, takeTurns } from "../processes.ts";
import type { Duration } from "../programs/contestant.ts";
import type { Bench, Question, Row } from "../question.ts";

const program = new URL("../programs/first-token.ts", import.meta.url);

interface Neighbour {
  readonly key: string;
  readonly what: string;
  readonly beside?: string;
  readonly atMost?: number;
}

const neighbours: readonly Neighbour[] = [
  { key: "alone", what: "alone", atMost: 0.4 },
  { key: "storage", what: "@azure/storage-blob loaded before", beside: "storage", atMost: 0.2 },
  { key: "keyvault", what: "@azure/keyvault-secrets loaded before", beside: "keyVault" },
];

async function firstToken(bench: Bench, { key, what, beside, atMost }: Neighbour): Promise<Row[]> {
  const durations = await takeTurns(bench.quick ? 3 : 11, (contestant) =>
    runProgram<Duration>(bench, { program, contestant, input: { beside } }),
  );
  return [
    {
      id: `first-token.${key}`,
      what,
      unit: "ms",
      figures: summarizeEach(durations, ({ elapsedInMs }) => elapsedInMs),
      ...(atMost && { target: { of: "incumbent", atMost } }),
    },
    {
      id: `first-token.${key}.processor`,
      what: `${what}: processor time`,
      unit: "ms",
      figures: summarizeEach(durations, ({ processorInMs }) => processorInMs),
    },
  ];
}

export const firstTokenTime: Question = {
  name: "first-token",
  title: "From nothing loaded to the first token",
  async measure(bench) {
    const rows: Row[] = [];
    for (const neighbour of neighbours) {
      rows.push(...(await firstToken(bench, neighbour)));
    }
    return rows;
  },
};
