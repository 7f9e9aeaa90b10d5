// What the app is given: variables and identities.

import { call } from "./api.js";
import { $, act, make } from "./elements.js";
import { current, identities } from "./state.js";

const hidden = "••••••••";

const lineFor = {
  bash: (name, value) => `export ${name}='${value}'`,
  powershell: (name, value) => `$env:${name} = '${value}'`,
  docker: (name, value) => `-e ${name}='${value}'`,
};

/** Shows the variables, the secret hidden. */
export function showVariables() {
  const { variables, endpoint } = current();
  const shown = { IDENTITY_HEADER: hidden, MSI_SECRET: hidden, DEFAULT_IDENTITY_CLIENT_ID: identities()[0]?.clientId };
  $("variables").textContent = write(Object.fromEntries(variables.map((name) => [name, shown[name] ?? endpoint])));
}

/** Copies the variables with the secret, which is fetched for this moment only: it has no place in the page. */
export function copyVariables() {
  return act("Copied, the secret included.", async () => copy(write(await call("GET", "env"))));
}

function copy(text) {
  if (!navigator.clipboard) {
    throw new Error("The browser lets this page copy only where its address begins with 127.0.0.1 or localhost.");
  }
  return navigator.clipboard.writeText(text);
}

function write(env) {
  const shell = document.querySelector("input[name=shell]:checked").value;
  const lines = Object.entries(env).map(([name, value]) => lineFor[shell](name, value));
  return shell === "docker" ? `docker run --network host ${lines.join(" ")} IMAGE` : lines.join("\n");
}

/** Shows the identities, each id with a button to copy it. */
export function showIdentities() {
  $("identities").replaceChildren(
    ...identities().map((identity) => {
      const ids = ["client", "object", "resource"].flatMap((kind) => [
        make("dt", {}, kind),
        make("dd", { title: identity[`${kind}Id`] }, identity[`${kind}Id`]),
        copyButton(identity[`${kind}Id`], `${kind} id of ${identity.name}`),
      ]);
      return make(
        "li",
        {},
        make("strong", {}, identity.name),
        make("span", { className: "quiet" }, identity.kind === identity.name ? "" : ` ${identity.kind}`),
        make("dl", {}, ...ids),
      );
    }),
  );
}

function copyButton(text, what) {
  const button = make("button", { type: "button", ariaLabel: `Copy ${what}` }, "Copy");
  button.addEventListener("click", () => act(`Copied the ${what}.`, async () => copy(text)));
  return button;
}
