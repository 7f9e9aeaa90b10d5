/** A time as a `Date`, as milliseconds since 1970, or as text that `Date` reads. */
export type Time = Date | number | string;

/** The emulator's clock: it runs with the computer's until it is set, advanced or frozen. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether the clock stands still. */
  readonly frozen: boolean;
  /** Sets the clock. A running clock goes on from there. */
  set(time: Time): void;
  /** Moves the clock forward by so many milliseconds; a negative number moves it back. */
  advance(durationInMs: number): void;
  /** Stops the clock, at the given time or where it is. */
  freeze(time?: Time): void;
  /** Lets a frozen clock run again from where it is. */
  resume(): void;
}

/** The last moment whose year has four digits, as every form of `expires_on` has it. */
const lastTimeInMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A clock that tells `onChange` whenever someone moves, stops or starts it. */
export class AdjustableClock implements Clock {
  readonly #onChange: () => void;
  #offsetInMs = 0;
  #frozenAt: number | undefined;

  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange;
  }

  now(): number {
    return this.#frozenAt ?? Date.now() + this.#offsetInMs;
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  set(time: Time): void {
    this.#moveTo(toTimestamp(time));
  }

  advance(durationInMs: number): void {
    if (!Number.isFinite(durationInMs)) {
      throw new TypeError("advance() takes a number of milliseconds");
    }
    this.#moveTo(toTimestamp(this.now() + durationInMs));
  }

  freeze(time?: Time): void {
    this.#frozenAt = time === undefined ? this.now() : toTimestamp(time);
    this.#onChange();
  }

  resume(): void {
    if (this.#frozenAt !== undefined) {
      this.#offsetInMs = this.#frozenAt - Date.now();
      this.#frozenAt = undefined;
      this.#onChange();
    }
  }

  /** Runs with the computer's clock again. */
  reset(): void {
    this.#offsetInMs = 0;
    this.#frozenAt = undefined;
    this.#onChange();
  }

  #moveTo(timestamp: number): void {
    if (this.#frozenAt === undefined) {
      this.#offsetInMs = timestamp - Date.now();
    } else {
      this.#frozenAt = timestamp;
    }
    this.#onChange();
  }
}

function toTimestamp(time: Time): number {
  const timestamp = typeof time === "number" ? time : new Date(time).getTime();
  if (!(timestamp >= 0 && timestamp <= lastTimeInMs)) {
    throw new TypeError("a time is a Date, milliseconds, or text that Date reads, from the years 1970 to 9999");
  }
  return timestamp;
}
