import type { IncomingHttpHeaders } from "node:http";
import type { FaultName } from "./faults.ts";
import type { Emulator } from "./emulator.ts";
import { describeEmulator } from "./emulator-state.ts";
import type { Time } from "./clock.ts";
import type { Listeners } from "./listeners.ts";
import { type Outcome, type Reply, respondError, respondJson } from "./outcome.ts";
import type { Secret } from "./secret.ts";

/** Everything of the emulator's own, as against the identity endpoint's, is below this path. */
export const controlPath = "/_emulator/";

/** A request to the control API. */
interface ControlRequest {
  readonly method: string;
  /** What comes after `/_emulator/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came; `undefined` when it was longer than anyone needs. */
  readonly body: string | undefined;
}

/** What the control API works on. */
export interface Controlled {
  readonly emulator: Emulator;
  readonly key: Secret;
  /** Tells of every change but requests. */
  readonly changes: Listeners<"state" | "journal">;
}

/** One call of the control API, read. */
interface Call extends Controlled {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the path says after the route's own part. */
  readonly which: string | undefined;
}

/** The whole control API: a path, and a function per verb. */
const routes: Readonly<Record<string, Readonly<Record<string, (call: Call) => Outcome | Promise<Outcome>>>>> = {
  state: { GET: ({ emulator }) => respondJson(200, describeEmulator(emulator)) },
  env: { GET: ({ emulator }) => respondJson(200, emulator.env) },
  secret: { POST: ({ emulator }) => respondJson(200, emulator.rotateSecret()) },
  journal: {
    GET: ({ emulator, query }) => respondJson(200, emulator.journal.list(toFilter(query))),
    DELETE: ({ emulator }) => done(() => emulator.journal.clear()),
  },
  faults: {
    GET: ({ emulator }) => respondJson(200, { known: emulator.faults.list(), armed: emulator.faults.armed() }),
    POST: ({ emulator, body }) => armFault(emulator, body),
    DELETE: ({ emulator, which }) => done(() => emulator.faults.clear(toWhich(which))),
  },
  clock: {
    GET: ({ emulator }) => tellClock(emulator),
    POST: ({ emulator, body }) => moveClock(emulator, body),
  },
  reset: {
    POST: async ({ emulator }) => {
      await emulator.reset();
      return noContent;
    },
  },
  events: { GET: ({ emulator, changes }) => streamEvents(emulator, changes) },
};

const noContent: Reply = { kind: "respond", status: 204, headers: {}, body: "" };

/** Answers a request to the control API. */
export async function control(request: ControlRequest, controlled: Controlled): Promise<Outcome> {
  const { method, path, headers } = request;
  if (path === "health") {
    return respondJson(200, { status: "ok", name: "@appservice-msi/emulator" });
  }
  const [name = "", which, ...rest] = path.split("/");
  const route = Object.hasOwn(routes, name) && rest.length === 0 ? routes[name] : undefined;
  if (!controlled.key.matches(headers.authorization?.replace(/^Bearer /i, ""))) {
    return respondError(401, "WrongKey", 'Send the key of the dashboard\'s address as "Authorization: Bearer <key>".', {
      "www-authenticate": "Bearer",
    });
  }
  if (route === undefined || (which !== undefined && !(name === "faults" && method === "DELETE"))) {
    return respondError(404, "NotFound", `There is nothing here; there are ${Object.keys(routes).join(", ")}.`);
  }
  const run = Object.hasOwn(route, method) ? route[method] : undefined;
  if (run === undefined) {
    const allow = Object.keys(route).join(", ");
    return respondError(405, "WrongVerb", `This answers to ${allow}.`, { allow });
  }
  const body = readBody(request);
  return "kind" in body ? body : run({ ...controlled, which, query: request.query, body: body.value });
}

/** The JSON object in a body, or what is wrong with it. */
function readBody({ body, headers }: ControlRequest): Reply | { value: Call["body"] } {
  if (body === undefined) {
    return respondError(413, "BodyTooLong", "The body is longer than anything here needs.");
  }
  if (body === "") {
    return { value: {} };
  }
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    return respondError(415, "WrongType", "Send JSON, and application/json as Content-Type.");
  }
  const value = parseObject(body);
  return value === undefined ? respondError(400, "BadBody", "The body is no JSON object.") : { value };
}

function parseObject(text: string): Call["body"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Does something that may refuse its arguments. */
function attempt(action: () => Outcome): Outcome {
  try {
    return action();
  } catch (error) {
    if (error instanceof TypeError) {
      return respondError(400, "BadValue", error.message);
    }
    throw error;
  }
}

function done(action: () => void): Outcome {
  return attempt(() => {
    action();
    return noContent;
  });
}

function armFault({ faults, clock }: Emulator, { name, ...options }: Call["body"]): Outcome {
  if (name === "not-listening" && clock.frozen) {
    const message = "While the clock stands still the emulator would never listen again, and nobody could tell it to.";
    return respondError(409, "ClockFrozen", message);
  }
  return attempt(() => respondJson(201, faults.arm(String(name) as FaultName, options)));
}

/** `set`, `advance`, `freeze` and `resume`, as on the clock itself. */
function moveClock(emulator: Emulator, body: Call["body"]): Outcome {
  const { clock } = emulator;
  const verbs: Readonly<Record<string, (value: unknown) => void>> = {
    set: (value) => clock.set(toTime(value)),
    advance: (value) => clock.advance(Number(value)),
    freeze: (value) => clock.freeze(value === true ? undefined : toTime(value)),
    resume: () => clock.resume(),
  };
  const [given, ...others] = Object.entries(body);
  const [verb, value] = given ?? ["", undefined];
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (run === undefined || others.length > 0) {
    return respondError(400, "BadBody", `Send one of ${Object.keys(verbs).join(", ")}.`);
  }
  return attempt(() => {
    run(value);
    return tellClock(emulator);
  });
}

function toTime(value: unknown): Time {
  return typeof value === "number" || typeof value === "string" ? value : Number.NaN;
}

function tellClock({ clock }: Emulator): Reply {
  return respondJson(200, { now: clock.now(), frozen: clock.frozen });
}

function toFilter(query: URLSearchParams): Readonly<Record<string, string | number>> {
  return Object.fromEntries([...query].map(([name, value]) => [name, name === "status" ? Number(value) : value]));
}

function toWhich(which: string | undefined): FaultName | number | undefined {
  return which !== undefined && /^\d+$/.test(which) ? Number(which) : (which as FaultName | undefined);
}

/** `state` and `journal` at once and after every change, `request` for each one as it comes and when it has ended. */
function streamEvents(emulator: Emulator, changes: Controlled["changes"]): Outcome {
  return {
    kind: "events",
    open: (send) => {
      const tell = (news: "state" | "journal"): void =>
        send(news, news === "state" ? describeEmulator(emulator) : emulator.journal.list());
      tell("state");
      tell("journal");
      const stops = [changes.add(tell), emulator.journal.subscribe((entry) => send("request", entry))];
      return () => stops.forEach((stop) => stop());
    },
  };
}
