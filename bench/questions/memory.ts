import { runProgram, summarizeEach, takeTurns } from "../processes.ts";
import type { Question, Row } from "../question.ts";

const program = new URL("../programs/memory.ts", import.meta.url);

interface Usage {
  readonly heapAfterFirst: number;
  readonly residentAfterFirst: number;
  readonly perResource: number;
}

const rows: readonly (Omit<Row, "figures"> & { readonly of: keyof Usage })[] = [
  { of: "heapAfterFirst", id: "memory.heap", what: "heap, after the first token", unit: "bytes" },
  { of: "residentAfterFirst", id: "memory.resident", what: "resident set, after the first token", unit: "bytes" },
  {
    of: "perResource",
    id: "memory.per-resource",
    what: "heap for each cached resource, besides the token itself",
    unit: "bytes",
    target: { atMost: 2048 },
  },
];

export const memory: Question = {
  name: "memory",
  title: "Memory that stays in use",
  async measure(bench) {
    const input = { resources: bench.quick ? 50 : 200 };
    const nodeOptions = ["--expose-gc"];
    const usages = await takeTurns(bench.quick ? 1 : 3, (contestant) =>
      runProgram<Usage>(bench, { program, contestant, input, nodeOptions }),
    );
    return rows.map(({ of, ...row }) => ({ ...row, figures: summarizeEach(usages, (usage) => usage[of]) }));
  },
};
