import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, parseTimestamp } from "./expiry.ts";

/** 9999-12-31T23:59:59Z in seconds. */
const lastSecond = 253_402_300_799;

describe("a point in time is read from", () => {
  it.each<[value: unknown, iso: string]>([
    // Epoch seconds
    ["1586984735", "2020-04-15T21:05:35.000Z"],
    [1586984735, "2020-04-15T21:05:35.000Z"],
    [" 1586984735 ", "2020-04-15T21:05:35.000Z"],
    ["1586984735.25", "2020-04-15T21:05:35.250Z"],
    [1586984735.25, "2020-04-15T21:05:35.250Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    ["0", "1970-01-01T00:00:00.000Z"],
    [lastSecond, "9999-12-31T23:59:59.000Z"],
    [String(lastSecond), "9999-12-31T23:59:59.000Z"],
    // ISO 8601
    ["2030-06-20T14:57:58Z", "2030-06-20T14:57:58.000Z"],
    ["2030-06-20T14:57:58z", "2030-06-20T14:57:58.000Z"],
    ["2030-06-20t14:57:58Z", "2030-06-20T14:57:58.000Z"],
    ["2030-06-20 14:57:58Z", "2030-06-20T14:57:58.000Z"],
    ["2030-06-20T14:57Z", "2030-06-20T14:57:00.000Z"],
    ["2030-06-20T14:57:58.1Z", "2030-06-20T14:57:58.100Z"],
    ["2030-06-20T14:57:58,25Z", "2030-06-20T14:57:58.250Z"],
    ["2030-06-20T14:57:58.000Z", "2030-06-20T14:57:58.000Z"],
    ["2030-06-20T14:57:58.1234567+00:00", "2030-06-20T14:57:58.123Z"],
    ["2030-06-20T14:57:58.9999999999999999999999Z", "2030-06-20T14:57:58.999Z"],
    ["2030-06-20T14:57:58+05:30", "2030-06-20T09:27:58.000Z"],
    ["2030-06-20T14:57:58-0800", "2030-06-20T22:57:58.000Z"],
    ["2030-06-20T14:57:58+02", "2030-06-20T12:57:58.000Z"],
    ["2030-06-20T14:57:58-00:00", "2030-06-20T14:57:58.000Z"],
    ["2028-02-29T23:59:59Z", "2028-02-29T23:59:59.000Z"],
    [" 2030-06-20T14:57:58Z\n", "2030-06-20T14:57:58.000Z"],
    // The platform's dates, 24 hours
    ["06/20/2019 02:57:58 +00:00", "2019-06-20T02:57:58.000Z"],
    ["6/20/2030 14:57:58 +00:00", "2030-06-20T14:57:58.000Z"],
    ["1/1/1970 0:0:12 +00:00", "1970-01-01T00:00:12.000Z"],
    ["12/31/2029 23:30:00 -01:00", "2030-01-01T00:30:00.000Z"],
    // The same with a marker
    ["1/16/2020 5:24:12 AM +00:00", "2020-01-16T05:24:12.000Z"],
    ["6/20/2030 2:57:58 PM +00:00", "2030-06-20T14:57:58.000Z"],
    ["6/20/2030 02:57:58 pm +00:00", "2030-06-20T14:57:58.000Z"],
    ["1/1/1970 12:0:12 AM +00:00", "1970-01-01T00:00:12.000Z"],
    ["6/20/2030 12:30:00 PM +00:00", "2030-06-20T12:30:00.000Z"],
    ["6/20/2030 11:59:59 PM +00:00", "2030-06-20T23:59:59.000Z"],
    ["6/20/2030 2:57:58 PM +05:30", "2030-06-20T09:27:58.000Z"],
    ["6/20/2030  2:57:58  PM  +00:00", "2030-06-20T14:57:58.000Z"],
    ["6/20/2030 2:57:58\u202FPM +00:00", "2030-06-20T14:57:58.000Z"],
  ])("%j", (value, iso) => {
    expect(new Date(parseTimestamp(value) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    ["09/14/2017 00:00:00 PM +00:00", "2017-09-14T00:00:00.000Z"],
    ["1/1/2020 0:00:00 PM +00:00", "2020-01-01T00:00:00.000Z"],
    ["1/1/2020 0:30:00 AM +00:00", "2020-01-01T00:30:00.000Z"],
  ])("trap: hour 0 with a marker, at the earlier of its two readings: %j", (value, iso) => {
    expect(new Date(parseTimestamp(value) ?? Number.NaN).toISOString()).toBe(iso);
  });
});

describe("no point in time is read from", () => {
  it.each([
    ["a missing value", undefined],
    ["null", null],
    ["an object", { seconds: 1586984735 }],
    ["an array of one number", [1586984735]],
    ["a boolean", true],
    ["a Date", new Date()],
    ["words", "tomorrow"],
    ["a date without a time", "2030-06-20"],
    ["a month without a day", "2030-06"],
    ["text around a date", "on 2030-06-20T14:57:58Z"],
    ["text behind a date", "2030-06-20T14:57:58Z or so"],
    ["a date as HTTP writes it", "Thu, 20 Jun 2030 14:57:58 GMT"],
    ["a year of two digits", "6/20/30 14:57:58 +00:00"],
    ["a date in the European order", "20.6.2030 14:57:58 +00:00"],
    ["a fraction without digits", "2030-06-20T14:57:58.Z"],
    ["a marker without its hour", "6/20/2030 PM +00:00"],
    ["another marker", "6/20/2030 2:57:58 XM +00:00"],
    ["a date without seconds in the platform's form", "6/20/2030 2:57 PM +00:00"],
  ])("%s", (_what, value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });

  it.each(["", " ", "0x10", "1e10", "Infinity", "-1", "+1", "1.", ".5", "1_000", "1,000", "٣", "NaN"])(
    "trap: text that only Number() takes for a number of seconds: %j",
    (value) => {
      expect(parseTimestamp(value)).toBeUndefined();
      expect(parseDuration(value)).toBeUndefined();
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, -0.5, "9".repeat(400)])(
    "trap: a number that is no time: %s",
    (value) => {
      expect(parseTimestamp(value)).toBeUndefined();
      expect(parseDuration(value)).toBeUndefined();
    },
  );

  it.each([lastSecond + 1, String(lastSecond + 1), 1586984735000, "1586984735000"])(
    "trap: milliseconds in place of seconds: %j",
    (value) => {
      expect(parseTimestamp(value)).toBeUndefined();
    },
  );

  it.each([
    "2030-06-20T14:57:58",
    "2030-06-20T14:57:58.123",
    "6/20/2030 14:57:58",
    "6/20/2030 2:57:58 PM",
    "6/20/2030 2:57:58 PM 00:00",
    "6/20/2030 2:57:58 PM GMT",
    "106/20/2030 2:57:58 PM +00:00",
    "6/20/2030 2:57:58 PM +00:000",
  ])("trap: a time without an offset, which would be read as local time: %j", (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });

  it.each([
    "02/30/2024 01:00:00 +00:00",
    "2/29/2023 1:00:00 AM +00:00",
    "13/01/2024 01:00:00 +00:00",
    "0/1/2024 01:00:00 +00:00",
    "1/0/2024 01:00:00 +00:00",
    "1/32/2024 01:00:00 +00:00",
    "1/1/2024 24:00:00 +00:00",
    "1/1/2024 01:60:00 +00:00",
    "1/1/2024 01:00:60 +00:00",
    "1/1/2024 13:00:00 PM +00:00",
    "1/1/2024 13:00:00 AM +00:00",
    "1/1/2024 01:00:00 +24:00",
    "1/1/2024 01:00:00 +00:60",
    "2030-02-30T00:00:00Z",
    "2030-13-01T00:00:00Z",
    "2030-00-01T00:00:00Z",
    "2030-06-20T24:00:00Z",
    "2030-06-20T14:60:00Z",
    "2030-06-20T14:57:60Z",
    "2030-06-20T14:57:58+24:00",
    "2030-06-20T14:57:58+00:60",
  ])("trap: a date that no calendar or clock shows: %j", (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });
});

describe("a duration is read from seconds", () => {
  it.each<[value: unknown, durationInMs: number | undefined]>([
    [3599, 3_599_000],
    ["3599", 3_599_000],
    [" 3599 ", 3_599_000],
    [0.5, 500],
    ["0.0004", 0],
    [0, 0],
    [lastSecond, lastSecond * 1000],
    [lastSecond + 1, undefined],
    ["1 hour", undefined],
    ["2030-06-20T14:57:58Z", undefined],
    [undefined, undefined],
    [null, undefined],
    [true, undefined],
    [[1], undefined],
  ])("%j is %j ms", (value, durationInMs) => {
    expect(parseDuration(value)).toBe(durationInMs);
  });
});

/** A whole second of the years that all forms can write, whatever the offset. */
const seconds = fc.integer({ min: Date.UTC(1000) / 1000, max: Date.UTC(9999) / 1000 });

const offsetsInMinutes = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}

function offsetText(offsetInMinutes: number, separator = ":"): string {
  const size = Math.abs(offsetInMinutes);
  return `${offsetInMinutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}${separator}${pad(size % 60)}`;
}

/** All forms of a point in time, as `Date` shows it on a clock with the offset. */
function formsOf(timestamp: number, offsetInMinutes: number, fraction: string): Record<string, string> {
  const local = new Date(timestamp + offsetInMinutes * 60_000);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()];
  const [hour, minute, second] = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()];
  const offset = offsetText(offsetInMinutes);
  const marker = hour < 12 ? "AM" : "PM";
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  return {
    iso: `${date}T${time}${offset}`,
    isoWithSpace: `${date} ${time}${offset}`,
    isoBasicOffset: `${date}T${time}${offsetText(offsetInMinutes, "")}`,
    isoWithFraction: `${date}T${time}.${fraction}${offset}`,
    twoDigits: `${pad(month)}/${pad(day)}/${pad(year, 4)} ${time} ${offset}`,
    oneDigit: `${month}/${day}/${pad(year, 4)} ${hour}:${minute}:${second} ${offset}`,
    marked: `${month}/${day}/${pad(year, 4)} ${hour12}:${pad(minute)}:${pad(second)} ${marker} ${offset}`,
    markedTwoDigits: `${pad(month)}/${pad(day)}/${pad(year, 4)} ${pad(hour12)}:${pad(minute)}:${pad(second)} ${marker} ${offset}`,
  };
}

describe("for any instant", () => {
  it("every form on a clock of every offset is read back exactly", () => {
    const fractions = fc.stringMatching(/^\d{1,30}$/);
    fc.assert(
      fc.property(seconds, offsetsInMinutes, fractions, (second, offset, fraction) => {
        const { isoWithFraction, ...whole } = formsOf(second * 1000, offset, fraction);
        const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
        expect(parseTimestamp(isoWithFraction)).toBe(second * 1000 + milliseconds);
        for (const form of Object.values(whole)) {
          expect(parseTimestamp(form), form).toBe(second * 1000);
        }
      }),
    );
  });

  it("seconds since 1970 are read back exactly, as a number and as text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastSecond }), (second) => {
        expect(parseTimestamp(second)).toBe(second * 1000);
        expect(parseTimestamp(String(second))).toBe(second * 1000);
      }),
    );
  });

  it("what JavaScript prints is read back to the millisecond", () => {
    const dates = fc.date({ min: new Date(0), max: new Date(lastSecond * 1000), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe("garbage", () => {
  /** Text in the characters and near the shapes of dates, where a careless pattern would let something through. */
  const nearDates = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123456789/-:.,+ TZAPMe".split("")), maxLength: 40 }),
    fc.stringMatching(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{1,2}:\d{1,2}( [AP]M)? [+-]\d{2}:\d{2}$/),
    fc.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/),
  );

  it.each([
    ["point in time", parseTimestamp],
    ["duration", parseDuration],
  ])("never makes a %s that Date cannot hold", (_what, parse) => {
    fc.assert(
      fc.property(fc.oneof(nearDates, fc.anything(), fc.double(), fc.string()), (value) => {
        const parsed = parse(value);
        expect(parsed === undefined || new Date(parsed).getTime() === parsed, String(parsed)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is read as the date that its digits show, or not at all", () => {
    const dates = fc.stringMatching(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d$/);
    fc.assert(
      fc.property(dates, (digits) => {
        const parsed = parseTimestamp(`${digits}Z`);
        expect([undefined, `${digits}.000Z`]).toContain(parsed && new Date(parsed).toISOString());
      }),
    );
  });
});
