// Finding, making and saying things on the page. Whatever comes from outside is put in as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** Makes an element; children are elements or text. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The children of a list of terms and what they stand for. */
export function terms(pairs) {
  return pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, String(value))]);
}

/** Does something on behalf of the user, and says how it went. */
export async function act(done, action) {
  try {
    await action();
    say("done", done);
  } catch (error) {
    say("error", error.message);
  }
}

/** How long the page says that something went well; what went wrong stays. */
const saidForInMs = 6000;

let saying;

function say(kind, text) {
  clearTimeout(saying);
  $("message").dataset.kind = kind;
  $("message").textContent = text;
  if (kind === "done") {
    saying = setTimeout(() => ($("message").textContent = ""), saidForInMs);
  }
}
