// The table of requests.

import { $, make, terms } from "./elements.js";
import { identities } from "./state.js";

const mostRows = 500;

/** Entries by id, oldest first; the two rows that show each; and those that have changed since they were drawn. */
const entries = new Map();
const rows = new Map();
const changed = new Set();
let drawing = false;

// Rows and cells say what they are, since on a narrow page they are not laid out as a table.

/** All requests there are. */
export function receiveJournal(list) {
  entries.clear();
  rows.clear();
  $("rows").replaceChildren();
  for (const entry of list) {
    receiveRequest(entry);
  }
  drawSoon();
}

/** A request that has come, or has ended. */
export function receiveRequest(entry) {
  entries.set(entry.id, entry);
  changed.add(entry.id);
  drawSoon();
}

/** Shows only the requests whose row contains what the filter says. */
export function applyFilter() {
  const wanted = $("filter").value.trim().toLowerCase();
  let shown = 0;
  for (const [row, detail] of rows.values()) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    if (row.hidden) {
      detail.hidden = true;
      row.querySelector("button").setAttribute("aria-expanded", "false");
    }
    shown += row.hidden ? 0 : 1;
  }
  $("count").textContent = shown === rows.size ? String(shown) : `${shown} of ${rows.size}`;
  $("empty").hidden = rows.size > 0;
}

/** At most once per frame, however many requests come. */
function drawSoon() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  drawing = false;
  for (const id of [...entries.keys()].slice(0, -mostRows)) {
    entries.delete(id);
    rows.get(id)?.forEach((row) => row.remove());
    rows.delete(id);
  }
  for (const id of changed) {
    const entry = entries.get(id);
    if (entry) {
      drawEntry(entry);
    }
  }
  changed.clear();
  applyFilter();
}

function drawEntry(entry) {
  const before = rows.get(entry.id);
  const open = before !== undefined && !before[1].hidden;
  const focused = before?.[0].contains(document.activeElement);
  const fresh = makeRows(entry, open);
  rows.set(entry.id, fresh);
  if (before) {
    before[1].remove();
    before[0].replaceWith(...fresh);
  } else {
    $("rows").prepend(...fresh);
  }
  if (focused) {
    fresh[0].querySelector("button").focus();
  }
}

function makeRows(entry, open) {
  const detail = make("tr", { role: "row", className: "detail", id: `detail-${entry.id}`, hidden: !open });
  detail.append(make("td", { role: "cell", colSpan: 7 }, make("div", {}, ...detailLists(entry))));
  const toggle = make("button", { type: "button", className: "toggle" }, clockTime(entry.time));
  toggle.setAttribute("aria-expanded", String(open));
  toggle.setAttribute("aria-controls", detail.id);
  toggle.addEventListener("click", () => {
    detail.hidden = !detail.hidden;
    toggle.setAttribute("aria-expanded", String(!detail.hidden));
  });
  const row = make(
    "tr",
    { role: "row", className: "request" },
    make("td", { role: "cell" }, toggle),
    make("td", { role: "cell", className: entry.status === 200 ? "good" : "bad" }, String(entry.status ?? "none")),
    make("td", { role: "cell" }, entry.apiVersion ?? "none"),
    make("td", { role: "cell", className: "breaks" }, entry.resource ?? "none"),
    make("td", { role: "cell", className: "breaks" }, nameOf(entry.identity)),
    make("td", { role: "cell", className: "number" }, took(entry)),
    make("td", { role: "cell", className: "remarks" }, ...remarks(entry)),
  );
  return [row, detail];
}

function remarks({ fault, refusal, tokensFrom }) {
  const own = tokensFrom && tokensFrom !== "emulator" ? `your token, from ${tokensFrom}` : undefined;
  const texts = [fault, refusal, own].filter((text) => text !== undefined);
  return texts.map((text) => make("span", { className: "badge" }, text));
}

function detailLists(entry) {
  const claims = Object.entries(entry.claims ?? {}).map(([name, value]) => [name, claimText(name, value)]);
  const facts = make("dl", {}, ...terms(details(entry)));
  return claims.length === 0
    ? [facts]
    : [facts, make("div", {}, make("h3", {}, "Claims of the token"), make("dl", {}, ...terms(claims)))];
}

function details(entry) {
  const { method, path, userAgent, apiVersion, resource, identity, fault, refusal, failure } = entry;
  return [
    ["request", `${method} ${path}`],
    ["client", userAgent],
    ["API version", apiVersion],
    ["resource", resource],
    ["identity", identity.id === undefined ? "system-assigned" : `${identity.kind} ${identity.id}`],
    ["took", took(entry)],
    ["fault", fault],
    ["refused", refusal],
    ["failure", failure],
  ].filter(([, value]) => value !== undefined);
}

function claimText(name, value) {
  return ["exp", "iat", "nbf"].includes(name) ? `${value} (${new Date(value * 1000).toISOString()})` : value;
}

function took({ durationInMs }) {
  return durationInMs === undefined ? "open" : `${durationInMs} ms`;
}

/** The time of day, where the reader is. */
function clockTime(timestamp) {
  const date = new Date(timestamp);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return `${parts.join(":")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** What people call the identity that was asked for. */
function nameOf({ kind, id }) {
  if (id === undefined) {
    return "system-assigned";
  }
  const known = identities().find((identity) => identity[kind].toLowerCase() === id.toLowerCase());
  return known ? known.name : id;
}
