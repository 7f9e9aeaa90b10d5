const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in words, in its two largest units: `2 h 5 min`. */
export function inWords(durationInMs: number): string {
  const length = Math.abs(durationInMs);
  if (length < 1000) {
    return `${Math.round(length)} ms`;
  }
  if (length < minute) {
    return `${Math.round(length / 1000)} s`;
  }
  const [large, largeName, small, smallName] =
    length < hour
      ? ([minute, "min", 1000, "s"] as const)
      : length < day
        ? ([hour, "h", minute, "min"] as const)
        : ([day, "d", hour, "h"] as const);
  const whole = Math.floor(length / large);
  const rest = Math.floor((length % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** A moment as `2026-11-23T10:00:00Z`. */
export function toIso(timestamp: number): string {
  return new Date(timestamp).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A moment as whole seconds since 1970. */
export function toEpoch(timestamp: number): number {
  return Math.floor(timestamp / 1000);
}
