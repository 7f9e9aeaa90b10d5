/** 9999-12-31T23:59:59Z: a larger number of "seconds" is in another unit. */
const maxEpochSeconds = 253_402_300_799;

const decimal = /^\d+(?:\.\d+)?$/;

const iso8601 =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?(?:Z|(?<sign>[+-])(?<offsetHours>\d{2}):?(?<offsetMinutes>\d{2})?)$/i;

// .NET puts a narrow no-break space before the marker in newer ICU data; `\s` knows it.
const usDate =
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})\s+(?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2})(?:\s+(?<marker>[AP]M))?\s+(?<sign>[+-])(?<offsetHours>\d{2}):(?<offsetMinutes>\d{2})$/i;

/**
 * A point in time in milliseconds since 1970, from any form the identity endpoint has been seen to write: epoch seconds as a
 * number or a string, ISO 8601 with an offset or `Z`, `6/20/2030 14:57:58 +00:00`, `6/20/2030 2:57:58 PM +00:00`. It is read
 * by shape, since 2019-08-01 answers with 2017-style dates have been recorded too. `undefined` for everything else.
 *
 * `Date.parse` would not do: it guesses, takes local time where the offset is missing, and rolls 30 February over to March.
 */
export function parseTimestamp(value: unknown): number | undefined {
  const seconds = parseNumber(value);
  if (seconds !== undefined) {
    return seconds <= maxEpochSeconds ? Math.round(seconds * 1000) : undefined;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  const parts = (iso8601.exec(value.trim()) ?? usDate.exec(value.trim()))?.groups;
  return parts && toTimestamp(parts);
}

/** A duration in milliseconds, from seconds as a number or a numeric string. `undefined` for everything else. */
export function parseDuration(value: unknown): number | undefined {
  const seconds = parseNumber(value);
  return seconds !== undefined && seconds <= maxEpochSeconds ? Math.round(seconds * 1000) : undefined;
}

/** A non-negative decimal. `Number` alone would also take `""`, `" "`, `"0x10"`, `"1e10"` and `"Infinity"`. */
function parseNumber(value: unknown): number | undefined {
  if (typeof value === "number") {
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  }
  return typeof value === "string" && decimal.test(value.trim()) ? Number(value.trim()) : undefined;
}

function toTimestamp(parts: Record<string, string | undefined>): number | undefined {
  const number = (name: string): number => Number(parts[name] ?? 0);
  const hour = toHour24(number("hour"), parts["marker"]);
  const offsetHours = number("offsetHours");
  const offsetMinutes = number("offsetMinutes");
  if (hour === undefined || offsetHours > 23 || offsetMinutes > 59) {
    return undefined;
  }
  const fields = [
    number("year"),
    number("month") - 1,
    number("day"),
    hour,
    number("minute"),
    number("second"),
  ] as const;
  const local = new Date(0);
  local.setUTCFullYear(fields[0], fields[1], fields[2]);
  local.setUTCHours(fields[3], fields[4], fields[5], toMilliseconds(parts["fraction"] ?? ""));
  const roundTrip = [
    local.getUTCFullYear(),
    local.getUTCMonth(),
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  if (fields.some((field, index) => field !== roundTrip[index])) {
    return undefined; // 30 February, 25 o'clock, 61 seconds
  }
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  return local.getTime() - (parts["sign"] === "-" ? -offset : offset);
}

/** By its digits: as a number, enough nines would be the next second. */
function toMilliseconds(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/**
 * 12 AM is 0 and 12 PM is 12. Microsoft's own old sample says `00:00:00 PM`, which no clock shows: hour 0 with a marker is
 * read on the 24-hour clock, the earlier of the two readings, because a token believed to live too long fails in use.
 */
function toHour24(hour: number, marker: string | undefined): number | undefined {
  if (marker === undefined || hour === 0) {
    return hour;
  }
  if (hour > 12) {
    return undefined;
  }
  return (hour % 12) + (marker.toUpperCase() === "PM" ? 12 : 0);
}
