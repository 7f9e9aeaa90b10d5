// The page docs/cli.md and the list of commands in this package's README, from the table of commands.
//
//   node packages/cli/docs.ts            says whether they are up to date
//   node packages/cli/docs.ts --update   brings them up to date
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { appserviceMsi } from "./src/appservice-msi.ts";
import { type Command, type Example, factsOf, flagsOf, type Note, type Operand, type Option } from "./src/command.ts";
import { operandTerm, usageTail } from "./src/program.ts";

const root = join(import.meta.dirname, "../..");
const readmePath = join(root, "packages/cli/README.md");
const referencePath = join(root, "docs/cli.md");

const visible = appserviceMsi.commands.filter(({ hidden }) => !hidden);

/** A file and what it should hold. */
interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The reference, and the README with its list of commands brought up to date. */
function generate(): GeneratedFile[] {
  return [
    { path: referencePath, text: reference() },
    { path: readmePath, text: withCommandTable(readFileSync(readmePath, "utf8")) },
  ];
}

function reference(): string {
  const { name, summary, notes, examples } = appserviceMsi;
  return joined([
    `# ${name}`,
    "<!-- Made from the table of commands by `node packages/cli/docs.ts --update`. -->",
    summary,
    "`-h` or `--help` after any command shows what is below; `-V` or `--version` the version.",
    commandTable("#"),
    ...notes.map((note) => noteSection(note, "##")),
    exampleSection(examples, "##"),
    ...visible.map(commandSection),
  ]);
}

function withCommandTable(readme: string): string {
  const [before = "", after = ""] = readme.split(/(?<=<!-- commands -->\n)[^]*(?=<!-- \/commands -->)/);
  return `${before}\n${commandTable("../../docs/cli.md#")}\n\n${after}`;
}

function commandTable(link: string): string {
  const rows = visible.map(({ name, summary }) => [`[\`${name}\`](${link}${name.replaceAll(" ", "-")})`, summary]);
  return table(["command", "what it does"], rows);
}

function commandSection(command: Command): string {
  const { name, summary, operands = [], options, notes = [], examples } = command;
  return joined([
    `## ${name}`,
    summary,
    fenced(`${appserviceMsi.name} ${name} ${usageTail(command)}`),
    table(
      ["argument", "meaning"],
      operands.map((operand) => [`\`${operandTerm(operand)}\``, meaningOf(operand)]),
    ),
    table(
      ["option", "meaning"],
      Object.entries(options).map(([key, option]) => [`\`${flagsOf(key, option)}\``, meaningOf(option)]),
    ),
    ...notes.map((note) => noteSection(note, "###")),
    exampleSection(examples, "###"),
  ]);
}

function meaningOf(value: Option | Operand): string {
  const { choices, byDefault } = factsOf(value);
  const isLiteral = !("defaultSummary" in value);
  const facts = [
    choices.map((choice) => `\`${choice}\``).join(", "),
    byDefault === undefined ? "" : `default: ${isLiteral ? `\`${byDefault}\`` : byDefault}`,
  ].filter((fact) => fact !== "");
  return facts.length === 0 ? value.summary : `${value.summary} (${facts.join("; ")})`;
}

function noteSection({ title, text }: Note, level: string): string {
  const body =
    typeof text === "string"
      ? text
      : table(
          ["", ""],
          Object.entries(text).map(([word, meaning]) => [`\`${word}\``, meaning]),
        );
  return joined([`${level} ${title}`, body]);
}

function exampleSection(examples: readonly Example[], level: string): string {
  return joined([`${level} Examples`, fenced(examples.map(({ line, does }) => `# ${does}\n${line}`).join("\n\n"))]);
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

/** A table with its columns lined up, as the formatter wants it. Without rows there is none. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return "";
  }
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Blocks with an empty line between them. */
function joined(blocks: readonly string[]): string {
  return `${blocks
    .filter((block) => block !== "")
    .map((block) => block.trim())
    .join("\n\n")}\n`;
}

const stale = generate().filter(({ path, text }) => readFileSync(path, "utf8") !== text);
if (process.argv[2] === "--update") {
  stale.forEach(({ path, text }) => writeFileSync(path, text));
} else if (stale.length > 0) {
  const names = stale.map(({ path }) => relative(root, path)).join(", ");
  console.log(`not what the table of commands says: ${names}. Run node packages/cli/docs.ts --update`);
  process.exitCode = 1;
} else {
  console.log("docs/cli.md says what the table of commands says");
}
