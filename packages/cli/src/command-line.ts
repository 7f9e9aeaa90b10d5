import { styleText } from "node:util";
import {
  Argument,
  Command as Parser,
  CommanderError,
  type HelpConfiguration,
  InvalidArgumentError,
  Option as ParserOption,
  type OutputConfiguration,
} from "commander";
import {
  type Command,
  type Context,
  factsOf,
  flagsOf,
  type NumberOption,
  type Operand,
  type Option,
} from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { UsageError } from "./failure.ts";
import { epilogueOf, helpWidth, narrowestText } from "./help-text.ts";
import type { Io, Output } from "./io.ts";
import { paintFor } from "./paint.ts";
import { operandTerm, type Program, usageTail } from "./program.ts";

/** A command line that asks for a command to be run. */
export interface Invocation extends Pick<Context, "options" | "operands"> {
  readonly kind: "run";
  readonly command: Command;
}

/** A command line that was answered by the help or the version. */
export interface Shown {
  readonly kind: "shown";
  readonly exitCode: number;
}

/**
 * Reads a command line by the table of commands. What was read has no meaning here: this file and the help know the parser, and no more.
 *
 * @throws UsageError when it makes no sense; its `usage` is that of the command it was about.
 */
export function readCommandLine(argv: readonly string[], program: Program, io: Io): Invocation | Shown {
  let invocation: Invocation | undefined;
  const parser = programParser(program, io);
  for (const command of program.commands) {
    const commandParser = addCommand(parser, command, program, io);
    commandParser.action(() => {
      const options = valuesOf(commandParser, command.options);
      checkRequired(commandParser, command, options);
      invocation = { kind: "run", command, options, operands: commandParser.args };
    });
  }
  try {
    parser.parse(misnamed(argv, parser) ?? [...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      return { kind: "shown", exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
    }
    throw error;
  }
  return invocation ?? { kind: "shown", exitCode: exitCodes.done };
}

/**
 * The words up to one that names no command; `undefined` where every one does. The parser shows a help instead of refusing such a
 * word when an option for the help stands behind it, or `help` in front.
 */
function misnamed(argv: readonly string[], parser: Parser): string[] | undefined {
  const [word, ...others] = argv[0] === "help" ? argv.slice(1) : argv;
  if (word === undefined || word.startsWith("-") || parser.commands.length === 0) {
    return undefined;
  }
  const command = parser.commands.find((known) => known.name() === word);
  const behind = command === undefined ? [] : misnamed(others, command);
  return behind && [word, ...behind];
}

function programParser(program: Program, io: Io): Parser {
  const parser = new Parser(program.name)
    .description(program.summary)
    .version(program.version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "Shows the help of a command.")
    .enablePositionalOptions()
    .configureHelp(helpStyle)
    .configureOutput(outputTo(io));
  return explained(parser, "<command> [options]", program, io);
}

function addCommand(root: Parser, command: Command, program: Program, io: Io): Parser {
  const { operands = [], options, summary, hidden = false } = command;
  const [first = "", second] = command.name.split(" ");
  const [parent, name] = second === undefined ? [root, first] : [groupParser(root, first, program, io), second];
  const parser = parent
    .command(name, { hidden })
    .description(summary)
    .passThroughOptions(operands.some((operand) => operand.rest));
  operands.forEach((operand) => parser.addArgument(toArgument(operand)));
  Object.entries(options).forEach(([key, option]) => parser.addOption(toParserOption(key, option)));
  return explained(parser, usageTail(command), command, io);
}

/** The parser of the commands that share a first word. */
function groupParser(parent: Parser, name: string, program: Program, io: Io): Parser {
  const known = parent.commands.find((command) => command.name() === name);
  if (known !== undefined) {
    return known;
  }
  const group = parent
    .command(name)
    .description(program.groups[name] ?? "")
    .helpCommand(false);
  const examples = program.commands.filter((command) => command.name.startsWith(`${name} `)).flatMap((c) => c.examples);
  return explained(group, "<command> [options]", { examples }, io);
}

/** Adds what the help says below the options, and usage errors in place of an exit. */
function explained(parser: Parser, usage: string, epilogue: Parameters<typeof epilogueOf>[0], io: Io): Parser {
  parser.usage(usage);
  parser.addHelpText("after", ({ error }) => epilogueOf(epilogue, helpWidth(error ? io.stderr : io.stdout)));
  return parser.exitOverride((error) => {
    if (error.exitCode === 0 || error.code === "commander.help") {
      throw error;
    }
    // The parser puts its suggestion on a line of its own.
    const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new UsageError(message, { usage: parser.createHelp().commandUsage(parser) });
  });
}

/** Options that were not given are there as well, as `undefined`, empty or `false`. */
function valuesOf(parser: Parser, options: Command["options"]): Invocation["options"] {
  const given = parser.opts<Invocation["options"]>();
  const absent = { flag: false, list: [], text: undefined, number: undefined } as const;
  return Object.fromEntries(Object.entries(options).map(([key, { kind }]) => [key, given[key] ?? absent[kind]]));
}

/** The parser's own check comes first of all, and so would hide a typo in the option that is missed. */
function checkRequired(parser: Parser, command: Command, values: Invocation["options"]): void {
  for (const [key, option] of Object.entries(command.options)) {
    if (option.kind === "text" && option.required && values[key] === undefined) {
      parser.error(`error: required option '${flagsOf(key, option)}' not specified`);
    }
  }
}

function toArgument(operand: Operand): Argument {
  const argument = new Argument(operandTerm(operand), describe(operand));
  return operand.choices === undefined ? argument : argument.choices(operand.choices);
}

function toParserOption(key: string, option: Option): ParserOption {
  const parsed = new ParserOption(flagsOf(key, option), describe(option));
  switch (option.kind) {
    case "text":
      if (option.choices !== undefined) {
        parsed.choices(option.choices);
      }
      return option.default === undefined ? parsed : parsed.default(option.default);
    case "list":
      return parsed.argParser((text, list: string[] | undefined) => [...(list ?? []), text]);
    case "number":
      parsed.argParser((text) => toNumber(text, option));
      return option.default === undefined ? parsed : parsed.default(option.default);
    default:
      return parsed;
  }
}

function toNumber(text: string, { lowest, highest, whole }: NumberOption): number {
  const value = Number(text);
  const shape = whole ? /^\d+$/ : /^\d+(?:\.\d+)?$/;
  if (!shape.test(text) || value < lowest || value > highest) {
    throw new InvalidArgumentError(`It takes a ${whole ? "whole " : ""}number from ${lowest} to ${highest}.`);
  }
  return value;
}

function styled(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false }); // the parser takes it out where it is not wanted
}

/** As the parser would write it, without quotation marks around every choice. */
function describe(value: Option | Operand): string {
  const { choices, byDefault } = factsOf(value);
  const facts = [choices.join(", "), byDefault === undefined ? "" : `default: ${byDefault}`].filter(
    (fact) => fact !== "",
  );
  return facts.length === 0 ? value.summary : `${value.summary} (${facts.join("; ")})`;
}

const helpStyle: HelpConfiguration = {
  minWidthToWrap: narrowestText,
  subcommandTerm: (command) => command.name(), // every command has options
  optionDescription: ({ description }) => description, // choices and default are in it
  argumentDescription: ({ description }) => description,
  styleTitle: styled("bold"),
  styleCommandText: styled("cyan"),
  styleSubcommandText: styled("cyan"),
  styleOptionText: styled("cyan"),
  styleArgumentText: styled("cyan"),
};

function outputTo({ stdout, stderr, env }: Io): OutputConfiguration {
  const hasColours = (output: Output): boolean => paintFor(output, env)("bold", "") !== "";
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: () => {}, // it is thrown instead
    getOutHelpWidth: () => helpWidth(stdout),
    getErrHelpWidth: () => helpWidth(stderr),
    getOutHasColors: () => hasColours(stdout),
    getErrHasColors: () => hasColours(stderr),
  };
}
