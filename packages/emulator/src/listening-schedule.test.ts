import { expect, it, vi } from "vitest";
import { AdjustableClock } from "./clock.ts";
import type { Listener } from "./listener.ts";
import { ListeningSchedule } from "./listening-schedule.ts";

it("A silence that ends while the listener falls silent is over at once, without a timer into the past", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const clock = new AdjustableClock();
  const until = clock.now() + 1000;
  const done: string[] = [];
  const listener: Pick<Listener, "pause" | "open"> = {
    pause() {
      clock.advance(2000);
      done.push("paused");
    },
    async open() {
      done.push("opened");
    },
  };
  const schedule = new ListeningSchedule(listener as Listener, clock, () => (clock.now() < until ? until : undefined));
  schedule.follow();
  await vi.waitFor(() => expect(done).toEqual(["paused", "opened"]));
  schedule.stop();
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});
