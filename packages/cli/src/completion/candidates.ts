import { type Command, flagName, type Operand, type Option } from "../command.ts";
import type { Program } from "../program.ts";

/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

/**
 * The words that may stand where the last one is being typed.
 *
 * @param words What follows the name of the command, the last one unfinished and perhaps empty.
 */
export function candidatesFor(words: readonly string[], program: Program): Candidate[] {
  const last = words.at(-1) ?? "";
  // `--output=js` is one word in most shells. In bash it is three, and what replaces the last one is the value alone.
  const [, flag, value] = /^(--[\w-]+)=(.*)$/.exec(last) ?? [];
  const before = words.slice(0, -1).filter((word) => word !== "=");
  if (flag !== undefined && value !== undefined) {
    return matching(value, [...before, flag], program).map(({ word, summary }) => ({
      word: `${flag}=${word}`,
      summary,
    }));
  }
  return matching(last === "=" ? "" : last, before, program);
}

function matching(typed: string, before: readonly string[], program: Program): Candidate[] {
  return allCandidates(before, typed, program).filter(({ word }) => word.startsWith(typed));
}

function allCandidates(before: readonly string[], typed: string, program: Program): Candidate[] {
  const visible = program.commands.filter(({ hidden }) => !hidden);
  const command = visible.find(({ name }) => name === before[0] || name === before.slice(0, 2).join(" "));
  if (command === undefined) {
    return nextWords(before, visible, program.groups);
  }
  const args = before.slice(command.name.split(" ").length);
  if (isForOtherCommand(command, args)) {
    return [];
  }
  const awaited = findOption(command, args.at(-1) ?? "");
  if (awaited !== undefined && awaited.kind !== "flag") {
    return valuesOf(awaited);
  }
  return typed.startsWith("-") ? flagsOf(command, args) : operandsOf(command, args);
}

/** The commands, or the second words of those that begin with the first one. */
function nextWords(before: readonly string[], commands: readonly Command[], groups: Program["groups"]): Candidate[] {
  const known = commands.filter(({ name }) => before.length === 0 || name.startsWith(`${before.join(" ")} `));
  return known
    .map(({ name, summary }) => ({ word: name.split(" ")[before.length] ?? "", summary, name }))
    .map(({ word, summary, name }) => ({ word, summary: word === name ? summary : (groups[word] ?? summary) }))
    .filter(({ word }, index, all) => all.findIndex((other) => other.word === word) === index);
}

/** Whether what comes next belongs to the command that `exec` runs: the shell completes that as it likes. */
function isForOtherCommand({ operands = [], options }: Command, args: readonly string[]): boolean {
  if (!operands.some(({ rest }) => rest)) {
    return false;
  }
  const takesValue = (arg: string): boolean => {
    const option = findOption({ options }, arg);
    return option !== undefined && option.kind !== "flag";
  };
  return args.some((arg, index) => arg === "--" || (!arg.startsWith("-") && !takesValue(args[index - 1] ?? "")));
}

function findOption({ options }: Pick<Command, "options">, flag: string): Option | undefined {
  return Object.entries(options).find(
    ([key, { short }]) => flag === `--${flagName(key)}` || (short !== undefined && flag === `-${short}`),
  )?.[1];
}

function valuesOf(value: Option | Operand | undefined): Candidate[] {
  const { choices, suggestions }: Partial<Operand> = value ?? {};
  return (choices ?? suggestions ?? []).map((word) => ({ word, summary: "" }));
}

function flagsOf({ options }: Command, args: readonly string[]): Candidate[] {
  return [
    ...Object.entries(options).map(([key, option]) => ({
      word: option.kind === "flag" && option.negated ? `--no-${flagName(key)}` : `--${flagName(key)}`,
      summary: option.summary,
      repeatable: option.kind === "list",
    })),
    { word: "--help", summary: "show this help", repeatable: false },
  ]
    .filter(({ word, repeatable }) => repeatable || !args.includes(word))
    .map(({ word, summary }) => ({ word, summary }));
}

function operandsOf({ operands = [], options }: Command, args: readonly string[]): Candidate[] {
  const given = args.filter((arg, index) => {
    const option = findOption({ options }, args[index - 1] ?? "");
    return !arg.startsWith("-") && (option === undefined || option.kind === "flag");
  });
  return valuesOf(operands[given.length]);
}
