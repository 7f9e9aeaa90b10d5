import type { Readable, Writable } from "node:stream";

/** Where variables are read; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream that text is written to: a terminal, a file or a pipe. */
export type Output = Writable & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** As on `tty.WriteStream`: the number of bits that a colour has, by what the terminal says of itself. */
  getColorDepth?(env: Environment): number;
};

/** A stream that text is read from. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** All that the command sees of the world besides the network: a test hands in another one. */
export interface Io {
  readonly env: Environment;
  readonly stdin: Input;
  /** Data. */
  readonly stdout: Output;
  /** Words. */
  readonly stderr: Output;
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls `listener` for every signal that asks to stop, and with `all` for those too that mean what a program likes. Returns how to
   * stop listening; then a signal does what it does by itself.
   */
  onSignal(listener: (signal: NodeJS.Signals) => void, options?: { readonly all?: boolean }): () => void;
}
