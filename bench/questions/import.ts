import { measureInTurn, runProgram } from "../processes.ts";
import type { Question } from "../question.ts";

const program = new URL("../programs/import.ts", import.meta.url);
const nothing = new URL("../programs/nothing.ts", import.meta.url);

export const importTime: Question = {
  name: "import",
  title: "Importing the package",
  async measure(bench) {
    const figures = await measureInTurn(bench.quick ? 3 : 15, (contestant) =>
      runProgram(bench, { program, contestant, module: contestant === "limit" ? nothing : undefined }),
    );
    return [{ id: "import.time", what: "import", unit: "ms", figures, target: { of: "incumbent", atMost: 0.05 } }];
  },
};
