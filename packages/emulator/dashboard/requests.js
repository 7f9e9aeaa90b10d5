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
  $("table").hidden = rows.size === 0;
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
    fresh[0].classList.add("fresh");
    $("rows").prepend(...fresh);
  }
  if (focused) {
    fresh[0].querySelector("button").focus();
  }
}

function makeRows(entry, open) {
  const detail = make("tr", { role: "row", className: "detail", id: `detail-${entry.id}`, hidden: !open });
  detail.append(make("td", { role: "cell", colSpan: 7 }, make("div", {}, ...factsAndClaims(entry))));
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
    cell("time", toggle),
    cell("answer", statusOf(entry)),
    cell("breaks resource", entry.resource ?? "none"),
    cell("breaks identity", nameOf(entry.identity)),
    cell("version", entry.apiVersion ?? "none"),
    cell("number", took(entry)),
    cell("remarks", ...remarks(entry)),
  );
  return [row, detail];
}

function cell(className, ...children) {
  return make("td", { role: "cell", className }, ...children);
}

function statusOf({ status, durationInMs }) {
  const kind = status === 200 ? "good" : status !== undefined || durationInMs !== undefined ? "bad" : "";
  return make("span", { className: `status ${kind}` }, String(status ?? (durationInMs === undefined ? "…" : "none")));
}

function remarks({ fault, refusal, tokensFrom }) {
  const own = tokensFrom && tokensFrom !== "emulator" ? `your token, from ${tokensFrom}` : undefined;
  return Object.entries({ fault, refusal, own })
    .filter(([, text]) => text !== undefined)
    .map(([kind, text]) => make("span", { className: `badge ${kind}` }, text));
}

function factsAndClaims(entry) {
  const claims = Object.entries(entry.claims ?? {}).map(([name, value]) => [name, claimText(name, value)]);
  return [
    titledList("Request", factsOf(entry)),
    ...(claims.length > 0 ? [titledList("Claims of the token", claims)] : []),
  ];
}

function titledList(title, pairs) {
  return make("div", {}, make("h3", {}, title), make("dl", {}, ...terms(pairs)));
}

function factsOf(entry) {
  const { method, path, userAgent, apiVersion, resource, identity, fault, refusal, failure } = entry;
  return [
    ["asked", `${method} ${path}`],
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
  return ["exp", "iat", "nbf"].includes(name)
    ? `${value} (${new Date(value * 1000).toISOString().replace(".000", "")})`
    : value;
}

function took({ durationInMs }) {
  return durationInMs === undefined ? "open" : `${durationInMs} ms`;
}

/** The time of day in UTC, as the claims, the command and Azure's own logs write it. */
function clockTime(timestamp) {
  return new Date(timestamp).toISOString().slice(11, -1);
}

/** What people call the identity that was asked for. */
function nameOf({ kind, id }) {
  if (id === undefined) {
    return "system-assigned";
  }
  const known = identities().find((identity) => identity[kind].toLowerCase() === id.toLowerCase());
  return known ? known.name : id;
}
