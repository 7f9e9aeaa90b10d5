import { styleText } from "node:util";
import { Help } from "commander";
import type { Example, Note } from "./command.ts";
import type { Output } from "./io.ts";

/** Longer lines are hard to read, and a file or a pipe has no width of its own. */
const widest = 100;

/** Text in fewer columns than this is not wrapped. */
export const narrowestText = 20;

/** As the parser's help indents its lists. */
const indent = "  ";

/** How wide the help may be. */
export function helpWidth({ columns }: Output): number {
  return Math.min(columns ?? widest, widest);
}

/** What the help says below the options: notes and examples. */
export function epilogueOf(
  { notes = [], examples }: { readonly notes?: readonly Note[]; readonly examples: readonly Example[] },
  width: number,
): string {
  const help = new Help();
  help.prepareContext({ helpWidth: width });
  help.minWidthToWrap = narrowestText;
  return ["", ...notes.map((note) => noteText(note, help)), exampleText(examples)].join("\n");
}

function noteText({ title, text }: Note, help: Help): string {
  const lines = typeof text === "string" ? paragraph(text, help) : listLines(text, help);
  return [heading(title), ...lines, ""].join("\n");
}

function paragraph(text: string, help: Help): string[] {
  const lines = help.boxWrap(text, (help.helpWidth ?? widest) - indent.length).split("\n");
  return lines.map((line) => `${indent}${line}`);
}

function listLines(meanings: Readonly<Record<string, string>>, help: Help): string[] {
  const longest = Math.max(...Object.keys(meanings).map((word) => word.length));
  return Object.entries(meanings).map(([word, meaning]) => help.formatItem(word, longest, meaning, help));
}

function exampleText(examples: readonly Example[]): string {
  return [heading("Examples"), examples.map(({ line, does }) => `  # ${does}\n  ${line}`).join("\n\n")].join("\n");
}

function heading(title: string): string {
  return styleText("bold", `${title}:`, { validateStream: false });
}
