import type { Setting } from "../machine.ts";
import type { Row } from "../question.ts";
import type { Answer, Results } from "../results.ts";
import { formatFigure, formatRatio, formatTarget, formatVerdict } from "./figures.ts";

const head = ["", "ours", "incumbent", "limit", "ours ÷ incumbent", "ours ÷ limit", "target", ""];

/** The results as one table, with what was compared on what machine above it. */
export function renderMarkdown({ setting, answers }: Results): string {
  const lines = [head, head.map((_, column) => (column === 0 || column > 5 ? "---" : "--:"))];
  for (const answer of answers) {
    lines.push(
      [`**${answer.title}**`, ...head.slice(1).map(() => "")],
      ...answer.rows.map(toCells),
      ...failureOf(answer),
    );
  }
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${describe(setting)}\n\n${table}\n`;
}

function toCells(row: Row): string[] {
  const { ours, incumbent, limit } = row.figures;
  return [
    escape(row.what),
    ...[ours, incumbent, limit].map((figure) => formatFigure(figure, row.unit)),
    formatRatio(row, "incumbent"),
    formatRatio(row, "limit"),
    formatTarget(row),
    formatVerdict(row),
  ];
}

function failureOf({ failure }: Answer): string[][] {
  return failure === undefined ? [] : [[`not measured: ${escape(failure)}`, ...head.slice(1).map(() => "")]];
}

function escape(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .replaceAll(/@[\w/-]+|get[\w(,)[\] ]+\)/g, (code) => `\`${code}\``);
}

function describe({ date, node, system, cpu, cores, versions }: Setting): string {
  const compared = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`);
  return `Made on ${date} by \`npx -y pnpm@12 bench\` with Node ${node} on ${system}, ${cpu}, ${cores} cores. Ours is \`AppServiceMsiCredential\`, the incumbent \`ManagedIdentityCredential\`: ${compared.join(", ")}.`;
}
