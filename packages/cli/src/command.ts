import type { Io } from "./io.ts";
import type { Paint } from "./paint.ts";

/** What every option says of itself. */
interface OptionFacts {
  readonly summary: string;
  /** A single letter. */
  readonly short?: string;
}

/** `--verbose`; negated `--no-system-assigned`, whose value is then `true` until it is given. */
interface Flag extends OptionFacts {
  readonly kind: "flag";
  readonly negated?: true;
}

/** `--output <format>` */
interface TextOption extends OptionFacts {
  readonly kind: "text";
  /** Stands for the value in the help. */
  readonly value: string;
  /** The only texts allowed. */
  readonly choices?: readonly string[];
  /** Texts to offer for completion, among others that are allowed too. */
  readonly suggestions?: readonly string[];
  readonly required?: true;
  /** What it is when it is not given. */
  readonly default?: string;
  /** The same in words, where it depends on something. */
  readonly defaultSummary?: string;
}

/** `--fault <spec>`, as often as one likes. */
interface ListOption extends OptionFacts {
  readonly kind: "list";
  readonly value: string;
  /** Texts to offer for completion, among others that are allowed too. */
  readonly suggestions?: readonly string[];
}

/** `--port <port>` */
export interface NumberOption extends OptionFacts {
  readonly kind: "number";
  readonly value: string;
  readonly lowest: number;
  readonly highest: number;
  readonly whole?: true;
  readonly default?: number;
}

/** An option of a command. Its name is the key it stands under: `clientId` is `--client-id`. */
export type Option = Flag | TextOption | ListOption | NumberOption;

/** The options of a command. */
export type Options = Readonly<Record<string, Option>>;

/** The value an option has after the command line was read. */
type ValueOf<O extends Option> = O extends Flag
  ? boolean
  : O extends ListOption
    ? readonly string[]
    : O extends NumberOption
      ? number | (O extends { default: number } ? never : undefined)
      : | (O extends { choices: readonly (infer Choice)[] } ? Choice : string)
        | (O extends { required: true } | { default: string } ? never : undefined);

/** The values of all options. */
export type Values<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

/** What stands on the command line without a dash. */
export interface Operand {
  readonly name: string;
  readonly summary: string;
  readonly required?: true;
  readonly choices?: readonly string[];
  /** Texts to offer for completion, among others that are allowed too. */
  readonly suggestions?: readonly string[];
  /** Whether there may be several. Only the last one can be. */
  readonly many?: true;
  /** Whether it takes all that follows, even what looks like an option. Only the last one can. */
  readonly rest?: true;
}

/** What a command is run with. */
export interface Context<O extends Options = Options> {
  readonly io: Io;
  readonly options: Values<O>;
  /** The operands, in order. */
  readonly operands: readonly string[];
  /** Aborts when the command is to stop, with an `Interruption` as its reason. */
  readonly signal: AbortSignal;
  /** Writes lines of data to standard output. */
  readonly print: (lines: string) => void;
  /** Writes lines of words to standard error. */
  readonly tell: (lines: string) => void;
  /** Colours for standard output. */
  readonly paint: Paint;
}

/** A part of the help. */
export interface Note {
  readonly title: string;
  /** A paragraph, or a list of words with what they mean. */
  readonly text: string | Readonly<Record<string, string>>;
}

/** A line of the help that can be run as it stands. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command as data: help, parsing, completion and the reference all come from it. */
export interface Command<O extends Options = Options> {
  /** One word, or two where several commands share a subject: `fault arm`. */
  readonly name: string;
  readonly summary: string;
  /** What else there is to know, below the options. */
  readonly notes?: readonly Note[];
  readonly operands?: readonly Operand[];
  readonly options: O;
  readonly examples: readonly Example[];
  /** Not for people: neither help nor reference show it. */
  readonly hidden?: true;
  /** Does it. What it returns is the exit code; nothing is 0. */
  run(context: Context<O>): Promise<number | void> | void;
}

/** Options that every command has. */
export const commonOptions = {
  verbose: { kind: "flag", summary: "show the stack and the causes of an error" },
} as const satisfies Options;

/** A command whose options have types, with the common ones added. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  return { ...command, options: { ...command.options, ...commonOptions } };
}

/** The name of an option as it is typed, without the dashes. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What the help says of a value: which there are, and which it is when it is not given. */
export function factsOf(value: Option | Operand): { readonly choices: readonly string[]; readonly byDefault?: string } {
  const choices = "choices" in value ? value.choices : undefined;
  const byDefault = "defaultSummary" in value ? value.defaultSummary : "default" in value ? value.default : undefined;
  return { choices: choices ?? [], ...(byDefault === undefined ? {} : { byDefault: String(byDefault) }) };
}

/** The option as the help shows it: `-o, --output <format>`. */
export function flagsOf(key: string, option: Option): string {
  const long = option.kind === "flag" && option.negated ? `--no-${flagName(key)}` : `--${flagName(key)}`;
  const short = option.short === undefined ? "" : `-${option.short}, `;
  return `${short}${long}${option.kind === "flag" ? "" : ` <${option.value}>`}`;
}
