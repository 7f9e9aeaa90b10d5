// The emulator's clock.

import { call } from "./api.js";
import { $, act } from "./elements.js";
import { current, now } from "./state.js";

/** Shows the time, and how far it is from real time. */
export function showClock() {
  const date = new Date(now());
  const { frozen } = current().clock;
  $("now").textContent = `${date.toISOString().slice(0, -5).replace("T", " ")} UTC`;
  $("now").dateTime = date.toISOString();
  const drift = `${frozen ? "stands still, " : ""}${describeDrift(now() - Date.now())}`;
  $("drift").textContent = drift;
  $("drift").dataset.off = String(drift !== "real time");
  $("freeze").textContent = frozen ? "Run" : "Freeze";
}

/** Puts the emulator's time in the field that sets it, so that there is something to change. */
export function suggestTime() {
  $("set-clock").value = new Date(now()).toISOString().slice(0, 19);
}

function describeDrift(driftInMs) {
  const seconds = Math.round(Math.abs(driftInMs) / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ].flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []));
  return seconds === 0 ? "real time" : `${parts.join(" ")} ${driftInMs > 0 ? "ahead" : "behind"}`;
}

/** Moves the clock forward. */
export function advance(durationInMs, name) {
  return act(`Moved the clock by ${name}.`, () => call("POST", "clock", { advance: durationInMs }));
}

/** Stops the clock, or lets it run. */
export function freezeOrRun() {
  const { frozen } = current().clock;
  const verb = frozen ? { resume: true } : { freeze: true };
  return act(frozen ? "The clock runs." : "The clock stands still.", () => call("POST", "clock", verb));
}

/** Sets the clock to what the field says, which is UTC. */
export function setClock() {
  return act("Set the clock.", () => call("POST", "clock", { set: $("set-clock").valueAsNumber }));
}

/** Lets the clock run with the computer's. */
export function backToRealTime() {
  return act("The clock shows real time.", async () => {
    await call("POST", "clock", { resume: true });
    await call("POST", "clock", { set: Date.now() });
  });
}
