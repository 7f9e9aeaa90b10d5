import type { Command, Example, Note, Operand } from "./command.ts";

/** The command as a whole, as data. */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly commands: readonly Command[];
  /** What the commands that share a first word are about, by that word. */
  readonly groups: Readonly<Record<string, string>>;
  /** What else there is to know, below the list of commands. */
  readonly notes: readonly Note[];
  readonly examples: readonly Example[];
}

/** What follows the name of a command: `[options] -- <command...>`. */
export function usageTail({ operands = [] }: Pick<Command, "operands">): string {
  const terms = operands.map((operand) => (operand.rest ? `-- ${operandTerm(operand)}` : operandTerm(operand)));
  return ["[options]", ...terms].join(" ");
}

/** An operand as usage and help show it. */
export function operandTerm({ name, required, many, rest }: Operand): string {
  const term = many || rest ? `${name}...` : name;
  return required ? `<${term}>` : `[${term}]`;
}
