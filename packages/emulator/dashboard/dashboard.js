// The page of the emulator: a client of its control API, and of nothing else.

import { call, follow, WrongKeyError } from "./api.js";
import { advance, backToRealTime, freezeOrRun, setClock, showClock, suggestTime } from "./clock.js";
import { $, act } from "./elements.js";
import { armFault, listFaultIdentities, listFaults, showArmed, showFault } from "./faults.js";
import { applyFilter, receiveJournal, receiveRequest } from "./requests.js";
import { current, receiveState } from "./state.js";
import { copyVariables, showIdentities, showVariables } from "./variables.js";

const longestPauseInMs = 5000;

function showState(news) {
  const first = current() === undefined;
  receiveState(news);
  if (first) {
    document.querySelector("main").hidden = false;
    $("reset").hidden = false;
    suggestTime();
    showIdentities();
    listFaultIdentities();
    showVariables();
  }
  const { hostTitle, apiVersions, tokensFrom, url } = news;
  $("host").textContent = [hostTitle, ...apiVersions, url].join(" · ");
  $("pass-through").hidden = tokensFrom === "emulator";
  $("pass-through").textContent =
    `These tokens are your own, from ${tokensFrom}, whichever identity is asked for: they reach real Azure.`;
  showArmed();
  showClock();
}

function showConnection(state, text) {
  $("connection").dataset.state = state;
  $("connection").textContent = text;
}

async function stayConnected() {
  const receivers = { state: showState, journal: receiveJournal, request: receiveRequest };
  let pauseInMs = 500;
  const onOpen = () => {
    pauseInMs = 500;
    showConnection("live", "Live");
    void act("", listFaults);
  };
  for (;;) {
    try {
      await follow(receivers, onOpen);
    } catch (error) {
      if (error instanceof WrongKeyError) {
        askForKey();
        return;
      }
    }
    showConnection("lost", "Connection lost, trying again");
    await new Promise((resolve) => setTimeout(resolve, pauseInMs));
    pauseInMs = Math.min(pauseInMs * 1.5, longestPauseInMs);
  }
}

/** The emulator knows no such key: there was none, or another emulator listens here by now. */
function askForKey() {
  showConnection("lost", "No key");
  $("key-label").textContent =
    current() === undefined
      ? "This page needs the emulator's key: open the address it printed, or paste the key here."
      : "The emulator was started anew and has another key: open the address it printed, or paste the key here.";
  $("key-form").hidden = false;
  $("key").focus();
}

function onClick(id, action) {
  $(id).addEventListener("click", action);
}

function onSubmit(id, action) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    void action();
  });
}

onClick("clear-journal", () => act("Cleared the requests.", () => call("DELETE", "journal")));
onClick("clear-faults", () => act("Cleared all faults.", () => call("DELETE", "faults")));
onClick("rotate", () => act("The secret is a new one; the old one is refused.", () => call("POST", "secret")));
onClick("reset", () => act("Everything is as at the start.", () => call("POST", "reset")));
onClick("copy-variables", copyVariables);
onClick("copy-first", copyVariables);
onClick("freeze", freezeOrRun);
onClick("real-time", backToRealTime);
onSubmit("clock-form", setClock);
onSubmit("fault-form", armFault);
onSubmit("key-form", () => {
  location.hash = new URLSearchParams({ key: $("key").value.trim() }).toString();
});
addEventListener("hashchange", () => location.reload());
for (const link of document.querySelectorAll("a[href^='#']")) {
  // Followed without the address, which holds the key where other pages name their parts.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const part = document.querySelector(link.getAttribute("href"));
    part.scrollIntoView();
    part.focus({ preventScroll: true });
  });
}
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(Number(button.dataset.advance), button.textContent.slice(1)));
}
for (const radio of document.querySelectorAll("input[name=shell]")) {
  radio.addEventListener("change", showVariables);
}
$("fault").addEventListener("change", showFault);
$("filter").addEventListener("input", applyFilter);
setInterval(() => {
  if (current()) {
    showClock();
    showArmed();
  }
}, 250);

void stayConnected();
