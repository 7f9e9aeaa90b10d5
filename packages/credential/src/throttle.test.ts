import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Throttle } from "./throttle.ts";

const url = "http://127.0.0.1:41601/msi/token";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an endpoint that asked to be left alone", () => {
  it("is, for as long as it asked, and with the status that said so", () => {
    const throttle = new Throttle();
    throttle.hold(url, 10_000, 429);
    expect(throttle.remaining(url)).toEqual({ forInMs: 10_000, statusCode: 429 });
    vi.advanceTimersByTime(9_999);
    expect(throttle.remaining(url)).toEqual({ forInMs: 1, statusCode: 429 });
    vi.advanceTimersByTime(1);
    expect(throttle.remaining(url)).toBeUndefined();
  });

  it("may extend the time", () => {
    const throttle = new Throttle();
    throttle.hold(url, 1000, 503);
    throttle.hold(url, 5000, 429);
    expect(throttle.remaining(url)).toEqual({ forInMs: 5000, statusCode: 429 });
  });

  it("cannot shorten it", () => {
    const throttle = new Throttle();
    throttle.hold(url, 5000, 429);
    throttle.hold(url, 1000, 503);
    throttle.hold(url, 0, 503);
    expect(throttle.remaining(url)).toEqual({ forInMs: 5000, statusCode: 429 });
  });

  it("can ask again when the time is over", () => {
    const throttle = new Throttle();
    throttle.hold(url, 5000, 429);
    vi.advanceTimersByTime(6000);
    throttle.hold(url, 1000, 503);
    expect(throttle.remaining(url)).toEqual({ forInMs: 1000, statusCode: 503 });
  });

  it("does not speak for another endpoint", () => {
    const throttle = new Throttle();
    throttle.hold(url, 5000, 429);
    expect(throttle.remaining(`${url}/`)).toBeUndefined();
    expect(new Throttle().remaining(url)).toBeUndefined();
  });

  it("is left alone in whole milliseconds, up to the next one", () => {
    const throttle = new Throttle();
    throttle.hold(url, 0.25, 429);
    expect(throttle.remaining(url)).toEqual({ forInMs: 1, statusCode: 429 });
  });

  it.each([-24, 24])("is left alone as long when the clock on the wall jumps by %d h", (hours) => {
    const throttle = new Throttle();
    throttle.hold(url, 5000, 429);
    vi.setSystemTime(Date.now() + hours * 3_600_000);
    expect(throttle.remaining(url)).toEqual({ forInMs: 5000, statusCode: 429 });
  });
});
