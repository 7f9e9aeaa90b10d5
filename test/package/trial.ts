import type { Emulator } from "@appservice-msi/emulator";
import type { Project } from "./project.ts";

/** Somebody who uses the packages in one way: a cell of a table. */
export interface Trial {
  /** The heading of the table. */
  readonly table: string;
  readonly row: string;
  readonly column: string;
  /** What the row's versions are, read from what is installed. */
  version(consumers: Consumers): string;
  /** Returns in a few words what came of it; rejects when it does not work. */
  run(consumers: Consumers): Promise<string>;
}

/** What the trials share: they change nothing of it but by files of their own. */
export interface Consumers {
  /** Everything in its newest version. */
  readonly newest: Project;
  /** The Azure SDK's core packages in the lowest versions that the credential allows. */
  readonly lowest: Project;
  /** The three tarballs alone, to be installed in an empty folder. */
  readonly tarballs: readonly string[];
  /** For programs that take the variables from their environment. */
  readonly emulator: Emulator;
}

/** What a program prints that got the token it asked for. */
const audience = "https://storage.azure.com\n";

/** Checks what a program printed. */
export function gotToken(output: string): string {
  if (output !== audience) {
    throw new Error(`Instead of the token's audience it printed: ${output}`);
  }
  return "a token";
}
