import { parseArgs } from "node:util";
import { openEndpoint } from "./endpoint.ts";
import type { Row } from "./question.ts";
import { bundle } from "./questions/bundle.ts";
import { coldCallers } from "./questions/cold-callers.ts";
import { firstTokenTime } from "./questions/first-token.ts";
import { importTime } from "./questions/import.ts";
import { warm } from "./questions/warm.ts";
import { setStage } from "./stage.ts";
import { renderTerminalTable } from "./terminal-table.ts";

const questions = [warm, importTime, firstTokenTime, coldCallers, bundle];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
  },
});

using stage = setStage();
await using endpoint = await openEndpoint();
for (const question of questions.filter(({ name }) => values.only === undefined || name === values.only)) {
  const rows: Row[] = await question.measure({ stage, endpoint, quick: values.quick });
  console.log(renderTerminalTable(question.title, rows));
}
