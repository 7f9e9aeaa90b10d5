// pnpm bench: our credential and the newest @azure/identity side by side, and the least that is possible beside them.
import { readOptions, refuse } from "@appservice-msi/command-line";
import { openEndpoint } from "./endpoint.ts";
import { describeSetting } from "./machine.ts";
import { publish } from "./publish.ts";
import type { Bench, Question } from "./question.ts";
import { questions } from "./questions.ts";
import { renderSetting, renderTerminalTable, renderVerdict } from "./report/terminal-table.ts";
import type { Answer, Results } from "./results.ts";
import { setStage } from "./stage.ts";

const names = questions.map(({ name }) => name);

const usage = `Usage: npx -y pnpm@12 bench [options]

Everything takes about five minutes, and rewrites results, pictures and table.

      --quick             few and short turns, to see that it works; writes nothing
      --only <question>   this question only, may be repeated; writes nothing
  -o, --output <format>   table, or json: the results on stdout, words on stderr

Questions: ${names.join(", ")}.`;

const {
  values: { quick, only, output },
} = readOptions({
  usage,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    output: { type: "string", short: "o", default: "table" },
  },
});
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  refuse(usage, `There is no question ${unknown.join(", ")}.`);
}
if (!["table", "json"].includes(output)) {
  refuse(usage, `There is no output ${output}.`);
}

async function answer(question: Question, bench: Bench): Promise<Answer> {
  const { name, title } = question;
  try {
    return { name, title, rows: await question.measure(bench) };
  } catch (error) {
    process.exitCode = 1;
    return { name, title, rows: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

async function run(): Promise<Results> {
  using stage = setStage();
  await using endpoint = await openEndpoint();
  const setting = describeSetting();
  console.error(renderSetting(setting));
  const answers: Answer[] = [];
  for (const question of questions.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const start = performance.now();
    process.stderr.write(`${question.name} `);
    const given = await answer(question, { stage, endpoint, quick });
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    answers.push(given);
    if (output === "table") {
      console.log(renderTerminalTable(given));
    }
  }
  return { setting, quick, answers };
}

const results = await run();
console.log(output === "json" ? JSON.stringify(results, undefined, 2) : renderVerdict(results.answers));
if (!quick && only.length === 0) {
  const isWhole = results.answers.every(({ failure }) => failure === undefined);
  console.error(isWhole ? `Written: ${publish(results).join(", ")}` : "Written nothing: not all could be measured.");
}
