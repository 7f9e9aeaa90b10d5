import { exitCodes } from "./exit-codes.ts";

/** Something that went wrong and is explained by its message: no stack is needed to understand it. */
export class Failure extends Error {
  override readonly name: string = "Failure";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command was used wrongly. */
export class UsageError extends Failure {
  override readonly name = "UsageError";
  /** How the command is used, where it is known which one was meant. */
  readonly usage: string | undefined;

  constructor(message: string, { usage, ...options }: ErrorOptions & { readonly usage?: string } = {}) {
    super(exitCodes.usage, message, options);
    this.usage = usage;
  }
}
