import { runProgram, summarizeEach, takeTurns } from "../processes.ts";
import type { Duration } from "../programs/contestant.ts";
import type { Question } from "../question.ts";

const program = new URL("../programs/import.ts", import.meta.url);
const nothing = new URL("../programs/nothing.ts", import.meta.url);

export const importTime: Question = {
  name: "import",
  title: "Importing the package",
  async measure(bench) {
    const durations = await takeTurns(bench.quick ? 3 : 15, (contestant) => {
      const module = contestant === "limit" ? nothing : undefined;
      return runProgram<Duration>(bench, { program, contestant, module });
    });
    return [
      {
        id: "import.time",
        what: "time",
        unit: "ms",
        figures: summarizeEach(durations, ({ elapsedInMs }) => elapsedInMs),
        target: { of: "incumbent", atMost: 0.05 },
      },
      {
        id: "import.processor",
        what: "processor time",
        unit: "ms",
        figures: summarizeEach(durations, ({ processorInMs }) => processorInMs),
      },
    ];
  },
};
