import type { Scenario } from "./scenario.ts";
import { findScenario, groups } from "./scenarios.ts";
import { formats } from "./output.ts";

/** The options, as `parseArgs` wants them. */
export const options = {
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

/**
 * The scenarios that the command line asks for.
 *
 * @throws TypeError for a scenario or format that there is not.
 */
export function choose(values: {
  readonly output: string;
  readonly only?: readonly string[];
  readonly quick?: boolean;
}): (scenario: Scenario) => boolean {
  if (!formats.includes(values.output)) {
    throw new TypeError(`There is no output "${values.output}"; there are ${formats.join(", ")}.`);
  }
  const unknown = values.only?.filter((name) => findScenario(name) === undefined) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(`There is no scenario ${unknown.join(", ")}; --help lists them.`);
  }
  return ({ name, quick }) => values.only?.includes(name) ?? (!values.quick || quick === true);
}
