import type { Clock } from "./clock.ts";
import type { Listener } from "./listener.ts";

/** Node's timers reach no further: about 25 days. */
const longestTimerInMs = 2 ** 31 - 1;

/** Makes a listener fall silent and listen again as told, on the emulator's clock. */
export class ListeningSchedule {
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #silentUntil: () => number | undefined;
  #silent = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: Listener, clock: Clock, silentUntil: () => number | undefined) {
    this.#listener = listener;
    this.#clock = clock;
    this.#silentUntil = silentUntil;
  }

  /** Looks again at when to listen: call it whenever the clock or the faults have changed. */
  follow(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) {
      return;
    }
    const until = this.#silentUntil();
    if ((until !== undefined) !== this.#silent) {
      this.#silent = until !== undefined;
      if (this.#silent) {
        this.#listener.pause();
      } else {
        this.#listener.open().catch((error: unknown) => process.emitWarning(String(error)));
      }
    }
    if (until !== undefined && until !== Infinity && !this.#clock.frozen) {
      // Not unref'd: while nothing listens, this alone keeps a process alive that is there for the emulator.
      const leftInMs = Math.max(0, until - this.#clock.now()); // it may have ended since it was looked up
      this.#timer = setTimeout(() => this.follow(), Math.min(leftInMs, longestTimerInMs));
    }
  }

  /** Stops looking. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
