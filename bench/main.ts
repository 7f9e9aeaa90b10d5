import { parseArgs } from "node:util";
import { openEndpoint } from "./endpoint.ts";
import { bundle } from "./questions/bundle.ts";
import { coldCallers } from "./questions/cold-callers.ts";
import { firstTokenTime } from "./questions/first-token.ts";
import { importTime } from "./questions/import.ts";
import { installation } from "./questions/install.ts";
import { lateEndpoint } from "./questions/late-endpoint.ts";
import { memory } from "./questions/memory.ts";
import { refresh } from "./questions/refresh.ts";
import { throughput } from "./questions/throughput.ts";
import { warm } from "./questions/warm.ts";
import { setStage } from "./stage.ts";
import { renderTerminalTable } from "./terminal-table.ts";

const questions = [
  warm,
  throughput,
  importTime,
  firstTokenTime,
  coldCallers,
  memory,
  bundle,
  installation,
  refresh,
  lateEndpoint,
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
  },
});

using stage = setStage();
await using endpoint = await openEndpoint();
for (const question of questions.filter(({ name }) => values.only === undefined || name === values.only)) {
  const start = performance.now();
  const rows = await question.measure({ stage, endpoint, quick: values.quick });
  console.log(renderTerminalTable(question.title, rows));
  console.log(Math.round(performance.now() - start), "ms");
}
