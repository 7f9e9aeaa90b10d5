import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** What a command of this repository takes. */
export interface Command<T extends ParseArgsOptionsConfig> {
  /** What `--help` prints, and what follows the complaint about a wrong option. */
  readonly usage: string;
  readonly options: T;
  /** Those of the options that have to be numbers. */
  readonly numbers?: readonly string[];
  readonly allowPositionals?: boolean;
}

/** Reads the command line. `--help` prints the usage and ends the process; an option that there is not ends it with status 2. */
export function readOptions<const T extends ParseArgsOptionsConfig>(command: Command<T>) {
  const { values, positionals } = parse(command);
  const operands: readonly string[] = positionals;
  const { usage, numbers = [] } = command;
  const given: Readonly<Record<string, unknown>> = values;
  if (given["help"] === true) {
    console.log(usage);
    process.exit();
  }
  for (const name of numbers) {
    if (given[name] !== undefined && (given[name] === "" || Number.isNaN(Number(given[name])))) {
      refuse(usage, `--${name} takes a number.`);
    }
  }
  return { values, positionals: operands };
}

/** Ends the process with status 2: it was called in a way that makes no sense. */
export function refuse(usage: string, complaint: string): never {
  console.error(`${complaint}\n\n${usage}`);
  process.exit(2);
}

function parse<T extends ParseArgsOptionsConfig>({ usage, options, allowPositionals = false }: Command<T>) {
  try {
    return parseArgs({ allowPositionals, options: { ...options, help: { type: "boolean", short: "h" } } });
  } catch (error) {
    return refuse(usage, (error as Error).message);
  }
}
