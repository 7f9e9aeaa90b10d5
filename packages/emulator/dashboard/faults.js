// Faults: which are armed, and arming more.

import { call } from "./api.js";
import { $, act, make } from "./elements.js";
import { current, identities, now } from "./state.js";

let known = [];

/** Fills the list of faults to choose from. */
export async function listFaults() {
  if (known.length === 0) {
    ({ known } = await call("GET", "faults"));
    $("fault").replaceChildren(...known.map(({ name }) => make("option", { value: name }, name)));
    showFault();
  }
}

/** Shows what the chosen fault is and what can be set on it. */
export function showFault() {
  const fault = known.find(({ name }) => name === $("fault").value);
  $("fault-summary").textContent = `${fault.summary}.`;
  $("fault-advice").textContent = `A good client: ${fault.advice}`;
  $("seconds").placeholder = fault.usuallyForInMs ? String(fault.usuallyForInMs / 1000) : "until cleared";
  $("fault-parameters").replaceChildren(
    ...Object.entries(fault.parameters).map(([name, parameter]) =>
      make("label", { title: parameter.summary }, `${name} `, parameterField(name, parameter)),
    ),
  );
}

function parameterField(name, { type, choices, default: usual, lowest, highest }) {
  if (choices) {
    return make("select", { name }, ...choices.map((choice) => make("option", { selected: choice === usual }, choice)));
  }
  const bounds = type === "number" ? { type, min: lowest ?? "", max: highest ?? "", step: "any" } : {};
  return make("input", { name, ...bounds, placeholder: usual ?? "none" });
}

/** Arms the chosen fault. */
export function armFault() {
  const name = $("fault").value;
  const fields = [...$("fault-parameters").querySelectorAll("input, select")].filter(({ value }) => value !== "");
  const options = {
    ...Object.fromEntries(
      fields.map((field) => [field.name, field.type === "number" ? field.valueAsNumber : field.value]),
    ),
    ...($("times").value && { times: $("times").valueAsNumber }),
    ...($("seconds").value && { forInMs: $("seconds").valueAsNumber * 1000 }),
    ...($("fault-identity").value && { identity: $("fault-identity").value }),
    ...($("fault-resource").value && { resource: $("fault-resource").value }),
  };
  return act(`Armed ${name}.`, () => call("POST", "faults", { name, ...options }));
}

/** Fills the list of identities a fault may be armed for. */
export function listFaultIdentities() {
  const options = identities().map(({ name, clientId }) => make("option", { value: clientId }, name));
  $("fault-identity").replaceChildren(make("option", { value: "" }, "any"), ...options);
}

/** Shows which faults are armed, and what is left of them. */
export function showArmed() {
  const armed = current().armed.filter(({ until }) => until === undefined || now() < until);
  const texts = armed.map(describeArmed);
  const shown = JSON.stringify([armed.map(({ id }) => id), texts]);
  $("clear-faults").hidden = armed.length < 2;
  // Drawn anew only when it reads differently, so that a button that has the focus keeps it.
  if ($("armed").dataset.shown !== shown) {
    $("armed").dataset.shown = shown;
    $("armed").replaceChildren(
      ...armed.map((fault, index) =>
        make("li", {}, make("span", {}, make("strong", {}, fault.name), texts[index]), clearButton(fault)),
      ),
    );
  }
}

function clearButton({ id, name }) {
  const button = make("button", { type: "button", ariaLabel: `Clear ${name}` }, "Clear");
  button.addEventListener("click", () => act(`Cleared ${name}.`, () => call("DELETE", `faults/${id}`)));
  return button;
}

function describeArmed({ times, until, resource, identity, parameters }) {
  const who = identities().find(({ clientId }) => clientId === identity)?.name ?? identity;
  const requests = times === undefined ? "" : times === 1 ? "the next request" : `the next ${times} requests`;
  return [
    requests || (until === undefined ? "until cleared" : ""),
    until && `${Math.ceil((until - now()) / 1000)} s left`,
    who && `of ${who}`,
    resource && `for ${resource}`,
    ...Object.entries(parameters).map(([parameter, value]) => `${parameter} ${value}`),
  ]
    .filter(Boolean)
    .join(" · ");
}
