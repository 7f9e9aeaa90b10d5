import { inTurn, runProgram } from "../processes.ts";
import type { Question } from "../question.ts";

export const importTime: Question = {
  name: "import",
  title: "Importing the package",
  async measure(bench) {
    const figures = await inTurn({ turns: bench.quick ? 3 : 15 }, (contestant) =>
      runProgram(bench, { program: "import", contestant: contestant === "limit" ? "empty" : contestant }),
    );
    return [{ what: "import", unit: "ms", figures, target: { of: "incumbent", atMost: 0.05 } }];
  },
};
