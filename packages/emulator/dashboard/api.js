// The control API of the emulator that this page is from.

const base = new URL("./", location.href);

/** The key comes in the part of the address that no request carries. */
const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";

const authorization = `Bearer ${key}`;

/** The emulator does not know the key. */
export class WrongKeyError extends Error {}

/** One call: the answer's JSON, or an error with the emulator's own message. */
export async function call(method, path, body) {
  const response = await fetch(new URL(path, base), {
    method,
    headers: { authorization, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text === "" ? undefined : JSON.parse(text);
  if (!response.ok) {
    throw new Error(answer?.error?.message ?? `The emulator answered ${response.status}.`);
  }
  return answer;
}

/** Calls a receiver, by the event's name, for every event until the connection ends. */
export async function follow(receivers, onOpen) {
  // Not an EventSource: it could carry the key in its address only.
  const response = await fetch(new URL("events", base), { headers: { authorization } });
  if (response.status === 401) {
    throw new WrongKeyError();
  }
  onOpen();
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
      receivers[name]?.(JSON.parse(data));
    }
  }
}
