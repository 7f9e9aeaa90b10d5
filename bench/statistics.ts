/** What several measurements of one thing come to. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** In the order they were taken. */
  readonly samples: readonly number[];
}

/** The value below which the given share of the samples lies, by linear interpolation; `NaN` of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

/** The middle of the samples. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Median and range of the samples. */
export function summarize(samples: readonly number[]): Summary {
  return { median: median(samples), low: quantile(samples, 0), high: quantile(samples, 1), samples };
}

/**
 * How many times the other one thing is. Samples taken in turn are compared pair by pair, so that a machine that slows down half
 * way through slows down both sides of each pair.
 */
export function ratio(one: Summary, other: Summary): number {
  if (one.samples.length !== other.samples.length) {
    return one.median / other.median;
  }
  return median(one.samples.map((sample, turn) => sample / (other.samples[turn] as number)));
}
