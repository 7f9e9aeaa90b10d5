import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Flight, type Work } from "./flight.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function flightOf(run: Work<string>["run"]): Flight<string> {
  return new Flight<string>({ run, timedOut: () => new Error("over") }, () => {});
}

function never(): Promise<string> {
  return new Promise(() => {});
}

describe("who waits for a request", () => {
  it.each<[ending: string, run: () => Promise<string>]>([
    ["it came", () => Promise.resolve("done")],
    ["it failed", () => Promise.reject(new Error("no"))],
    ["the time was over", never],
  ])("leaves nothing on the abort signal of the app, nor a timer, when %s", async (_ending, run) => {
    const { signal } = new AbortController();
    const waiting = Promise.allSettled([flightOf(run).wait(1000, signal)]);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    await waiting;
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is told at once when the signal was aborted before, and cancels the work if nobody else waits", async () => {
    const run = vi.fn<Work<string>["run"]>(never);
    await expect(flightOf(run).wait(1000, AbortSignal.abort())).rejects.toThrow("aborted");
    expect(run.mock.calls[0]?.[0].aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("learns at once of a pause that began before, if it is longer than there is time", async () => {
    const flight = flightOf((_signal, pausing) => {
      pausing(5000, () => new Error("asked to be left alone"));
      return never();
    });
    const patient = Promise.allSettled([flight.wait(10_000)]);
    await expect(flight.wait(1000)).rejects.toThrow("asked to be left alone");
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await patient;
  });
});
