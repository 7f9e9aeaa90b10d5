import { parseArgs } from "node:util";
import type { Scenario } from "./scenario.ts";
import { findScenario, groups } from "./scenarios.ts";
import { formats } from "./output.ts";

/** It was called in a way that makes no sense. */
export class UsageError extends Error {}

const options = {
  output: { type: "string", short: "o", default: "table" },
  html: { type: "string" },
  write: { type: "boolean" },
  only: { type: "string", multiple: true },
  quick: { type: "boolean" },
  from: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `--help` prints. */
export const usage = `Usage: npx -y pnpm@12 compare [options]

Tries AppServiceMsiCredential, ManagedIdentityCredential and DefaultAzureCredential in the same situations, each in a process
of its own, at an emulated identity endpoint, and shows side by side what came of it. Takes about a minute.

  -o, --output <format>  ${formats.join(", ")}; default: table
      --html <file>      writes the HTML page to a file as well
      --write            writes docs/comparison.md and its pictures as well
      --only <scenario>  this scenario only; may be repeated
      --quick            a handful of scenarios, in a few seconds
      --from <file>      renders what -o json printed before, instead of trying anything
  -h, --help             this text

Scenarios: ${groups
  .flatMap(({ scenarios }) => scenarios)
  .map(({ name }) => name)
  .join(", ")}`;

/** What the command line asks for. */
export interface Wish {
  readonly help: boolean;
  readonly output: string;
  readonly html: string | undefined;
  readonly write: boolean;
  readonly from: string | undefined;
  /** What gives the same result, however it is shown. */
  readonly command: string;
  /** Whether the scenario is one to try. */
  readonly wanted: (scenario: Scenario) => boolean;
}

/**
 * Reads the command line.
 *
 * @throws UsageError for an option, format or scenario that there is not, and for options that contradict each other.
 */
export function readWish(args: readonly string[]): Wish {
  const { output, html, write = false, only, quick = false, from, help = false } = parse(args);
  if (!formats.includes(output)) {
    throw new UsageError(`There is no output "${output}"; there are ${formats.join(", ")}.`);
  }
  const unknown = only?.filter((name) => findScenario(name) === undefined) ?? [];
  if (unknown.length > 0) {
    throw new UsageError(`There is no scenario ${unknown.join(", ")}; --help lists them.`);
  }
  if ((only || quick) && (write || from !== undefined)) {
    throw new UsageError(
      "--only and --quick choose what to try: --from tries nothing, and --write keeps all there is.",
    );
  }
  const wanted = (scenario: Scenario): boolean => only?.includes(scenario.name) ?? (!quick || scenario.quick === true);
  const choice = quick ? ["--quick"] : (only ?? []).map((name) => `--only ${name}`);
  const command = ["npx -y pnpm@12 compare", ...choice].join(" ");
  return { help, output, html, write, from, command, wanted };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
