import { inspect } from "node:util";
import { AppServiceMsiError } from "@appservice-msi/credential";
import { exitCodeByErrorCode, exitCodes } from "./exit-codes.ts";
import { Failure, UsageError } from "./failure.ts";
import { Interruption } from "./interruption.ts";
import type { Environment } from "./io.ts";
import { plain, plainLines } from "./plain-text.ts";
import { redact } from "./secrets.ts";

/** What a person is told of an error, and what a script. */
export interface Explanation {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** How the credential's options, and what it advises, are called on the command line. */
const ourNames: Readonly<Record<string, string>> = {
  managedIdentityClientId: "--client-id",
  managedIdentityResourceId: "--resource-id",
  managedIdentityObjectId: "--object-id",
  'apiVersion at "auto"': "--api-version out",
  "timeoutInMs and attemptTimeoutInMs": "--timeout",
  "a local emulator of the endpoint": "run this by appservice-msi exec, with an emulator",
};

const theirName = new RegExp(Object.keys(ourNames).join("|"), "g");

/** The words for an error. No secret of the environment and no token gets through. */
export function explain(error: unknown, { verbose, env }: { verbose: boolean; env: Environment }): Explanation {
  const { exitCode, words } = judge(error);
  const lines = words.map((line) => redact(plain(line), env));
  const depths = verbose && lines.length > 0 ? [redact(plainLines(inspect(error)), env)] : [];
  return { exitCode, lines: [...lines, ...depths] };
}

function judge(error: unknown): { exitCode: number; words: string[] } {
  if (error instanceof Interruption) {
    return { exitCode: error.exitCode, words: [] };
  }
  if (error instanceof UsageError) {
    const usage = error.usage === undefined ? [] : [`Usage: ${error.usage}`];
    return { exitCode: error.exitCode, words: [`appservice-msi: ${error.message}`, ...usage] };
  }
  if (error instanceof Failure) {
    return { exitCode: error.exitCode, words: [`appservice-msi: ${error.message}`] };
  }
  if (error instanceof AppServiceMsiError) {
    return {
      exitCode: exitCodeByErrorCode[error.code],
      words: [`appservice-msi: ${error.code}: ${inOurWords(error)} To look closer: appservice-msi doctor.`],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const advice = "Run it again with --verbose to see where this came from.";
  return { exitCode: exitCodes.unexpected, words: [`appservice-msi: unexpected error: ${message}`, advice] };
}

/** The credential's message, in the names that things have here. */
function inOurWords({ message }: AppServiceMsiError): string {
  return message.replace(theirName, (name) => ourNames[name] ?? name);
}
