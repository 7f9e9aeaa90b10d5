import { abortError, type AbortSignalLike } from "./abort.ts";

/** A piece of work that several callers may wait for. */
export interface Work<T> {
  /**
   * Does the work. Rejects soon after `signal` is aborted, which happens when nobody waits any more.
   * Calls `pausing` whenever the work cannot settle for a while, and says what it would fail with.
   */
  run(signal: AbortSignal, pausing: (forInMs: number, failure: () => Error) => void): Promise<T>;
  /** The error for a waiter whose time is over while the work goes on. */
  timedOut(afterInMs: number): Error;
}

interface Waiter {
  /** On the monotonic clock: a wall clock that jumps must not end a call. */
  readonly deadline: number;
  reject(error: Error): void;
}

interface Pause {
  readonly until: number;
  readonly failure: () => Error;
}

/**
 * Work in progress, shared by everyone who wants its result. Each waiter has its own deadline and its own abort signal, and
 * leaving ends only that wait; the work is cancelled when the last waiter has left.
 */
export class Flight<T> {
  readonly #work: Work<T>;
  readonly #waiters = new Set<Waiter>();
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  readonly #deserted: () => void;
  #pause: Pause | undefined;

  /** @param deserted Called once when the last waiter has left before the work was done. */
  constructor(work: Work<T>, deserted: () => void) {
    this.#work = work;
    this.#deserted = deserted;
    this.#result = work.run(this.#controller.signal, (forInMs, failure) => this.#pausing(forInMs, failure));
    this.#result.catch(() => {}); // every waiter sees it; without waiters nobody cares
  }

  /**
   * The result of the work.
   *
   * @throws An error named `AbortError` when `signal` is aborted first; the work's `timedOut` error when `timeoutInMs` is
   * over first; the failure at hand, at once, when the work pauses for longer than that.
   */
  wait(timeoutInMs: number, signal?: AbortSignalLike): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#waiters.delete(waiter);
      };
      const fail = (error: Error): void => {
        leave();
        reject(error);
        this.#cancelIfDeserted();
      };
      const abort = (): void => fail(abortError(signal as AbortSignalLike));
      const timer = setTimeout(() => fail(this.#work.timedOut(timeoutInMs)), timeoutInMs);
      const waiter: Waiter = { deadline: performance.now() + timeoutInMs, reject: fail };
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) {
        abort(); // it was aborted after the caller looked, and tells nobody again
      }
      this.#result.then(resolve, reject).finally(leave);
      this.#rejectIfPausedTooLong(waiter);
    });
  }

  #pausing(forInMs: number, failure: () => Error): void {
    this.#pause = { until: performance.now() + forInMs, failure };
    for (const waiter of this.#waiters) {
      this.#rejectIfPausedTooLong(waiter);
    }
  }

  #rejectIfPausedTooLong(waiter: Waiter): void {
    if (this.#pause !== undefined && this.#pause.until > waiter.deadline) {
      waiter.reject(this.#pause.failure());
    }
  }

  #cancelIfDeserted(): void {
    if (this.#waiters.size === 0 && !this.#controller.signal.aborted) {
      this.#deserted(); // first: who asks while the work is being cancelled must not join it
      this.#controller.abort();
    }
  }
}
