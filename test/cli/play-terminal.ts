import { EventEmitter } from "node:events";
import { PassThrough, Readable, Writable } from "node:stream";
import { type Environment, type Io, main } from "@appservice-msi/cli";

/** The world that a command is called in. */
export interface World {
  readonly env?: Environment;
  /** What stands on standard input. Default: nothing. */
  readonly input?: string;
  /** Whether input and outputs are a terminal. Default: false. */
  readonly isTerminal?: boolean;
  /** How wide that is. */
  readonly columns?: number;
  /** Milliseconds since 1970. Default: the computer's clock. */
  readonly now?: () => number;
}

/** What came of a call. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call that goes on. */
export interface RunningCall {
  readonly outcome: Promise<Outcome>;
  readonly stdout: PlayedOutput;
  readonly stderr: PlayedOutput;
  /** Sends a signal. Returns whether anybody listened; otherwise it would have ended the process. */
  signal(name: NodeJS.Signals): boolean;
}

/** An output that keeps what is written, and can be waited on. */
export class PlayedOutput extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  text = "";
  readonly #written = new EventEmitter();
  #broken = false;

  constructor(isTTY: boolean, columns?: number) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    if (this.#broken) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      return;
    }
    this.text += chunk.toString();
    this.#written.emit("written");
    done();
  }

  /** As a terminal of today, unless the variables say otherwise. */
  getColorDepth(env: Environment): number {
    return env["NO_COLOR"] === undefined && env["TERM"] !== "dumb" ? 24 : 1;
  }

  /** Nobody reads any more. */
  break(): void {
    this.#broken = true;
  }

  /** Waits until the text matches, and returns the match. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) {
        return match;
      }
      // oxlint-disable-next-line no-await-in-loop -- until then
      await new Promise((resolve) => this.#written.once("written", resolve));
    }
  }
}

/** Calls the command in this process, in a world of its own. */
export async function call(argv: readonly string[], world: World = {}): Promise<Outcome> {
  return start(argv, world).outcome;
}

/** Calls the command, and lets it run. */
export function start(argv: readonly string[], world: World = {}): RunningCall {
  const { env = {}, input, isTerminal = false, columns, now = Date.now } = world;
  const stdout = new PlayedOutput(isTerminal, columns);
  const stderr = new PlayedOutput(isTerminal, columns);
  const signals = new Set<(signal: NodeJS.Signals) => void>();
  const stdin = Object.assign(input === undefined ? new PassThrough() : Readable.from([input]), { isTTY: isTerminal });
  const io: Io = {
    env,
    stdin,
    stdout,
    stderr,
    now,
    onSignal(listener) {
      signals.add(listener);
      return () => signals.delete(listener);
    },
  };
  return {
    outcome: main(argv, io).then((exitCode) => ({ exitCode, stdout: stdout.text, stderr: stderr.text })),
    stdout,
    stderr,
    signal(name) {
      const listeners = [...signals];
      listeners.forEach((listener) => listener(name));
      return listeners.length > 0;
    },
  };
}
