import { flagName } from "../command.ts";
import { Failure, UsageError } from "../failure.ts";
import { Interruption } from "../interruption.ts";

/**
 * What the emulator or its client threw, as a failure of the command. They throw a TypeError for a value that will not do, and here
 * the user gave it; every other error says what happened in words.
 */
export function toFailure(error: unknown, exitCodeOf: (error: Error) => number): unknown {
  if (error instanceof Failure || error instanceof Interruption || !(error instanceof Error)) {
    return error;
  }
  const message = toSentence(error.message);
  return error instanceof TypeError
    ? new UsageError(message, { cause: error })
    : new Failure(exitCodeOf(error), message, { cause: error });
}

/** A sentence that calls options as the command does. */
function toSentence(message: string): string {
  const named = message.replace(
    /(?:the option )?"(port|host|tokensFrom|userAssigned)"/g,
    (_, option: string) => `--${flagName(option)}`,
  );
  return `${named.charAt(0).toUpperCase()}${named.slice(1)}${/[.?!]$/.test(named) ? "" : "."}`;
}
