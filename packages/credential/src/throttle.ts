interface Hold {
  /** On the monotonic clock. */
  readonly until: number;
  readonly statusCode: number;
}

/** Remembers which endpoint asked to be left alone, and until when. It holds for every resource and every caller. */
export class Throttle {
  readonly #holds = new Map<string, Hold>();

  /** Notes a `Retry-After`. A later answer may extend the time, never shorten it. */
  hold(endpointUrl: string, forInMs: number, statusCode: number): void {
    const until = performance.now() + forInMs;
    if (until > (this.#holds.get(endpointUrl)?.until ?? 0)) {
      this.#holds.set(endpointUrl, { until, statusCode });
    }
  }

  /** How much longer to wait, in whole milliseconds, and the status that said so; `undefined` when the way is free. */
  remaining(endpointUrl: string): { forInMs: number; statusCode: number } | undefined {
    const hold = this.#holds.get(endpointUrl);
    if (hold === undefined) {
      return undefined;
    }
    const forInMs = Math.ceil(hold.until - performance.now());
    if (forInMs <= 0) {
      this.#holds.delete(endpointUrl);
      return undefined;
    }
    return { forInMs, statusCode: hold.statusCode };
  }
}
