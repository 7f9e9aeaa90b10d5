import { formatExpiresOn } from "./expires-on.ts";
import type { Fault, FaultName, FaultParameter, FaultParameters } from "./faults.ts";
import type { Reply } from "./outcome.ts";

const minute = 60_000;

const retryAfterInSeconds: FaultParameter = {
  summary: "the Retry-After header, in seconds; left out, there is none",
  type: "number",
  lowest: 0,
  highest: 86_400,
};

/** Faults that answer with a status, each with what it means on this endpoint. */
function statusFault(status: number, meaning: string, advice: string): Fault<FaultParameters["status-503"]> {
  return {
    summary: `${status}: ${meaning}`,
    advice,
    parameters: { retryAfterInSeconds },
    effect: { instead: (values, error) => error(status, retryAfter(values)) },
  };
}

function retryAfter({ retryAfterInSeconds: seconds }: FaultParameters["status-503"]): Reply["headers"] {
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}

/** A fault in the answer with a token: status 200, and something else than it should be. */
function bodyFault(summary: string, advice: string, write: (reply: Reply) => Partial<Reply>): Fault {
  return { summary, advice, parameters: {}, effect: { reply: (reply) => ({ ...reply, ...write(reply) }) } };
}

const reject = "Report a malformed answer by status, content type and length, without quoting it; keep an old token.";
const tryAgain = "Try again with growing, jittered pauses, within a time limit.";

/** The faults, one row each. */
export const faultTable: { readonly [Name in FaultName]: Fault<FaultParameters[Name]> } = {
  status: {
    summary: "any status you like",
    advice: "Try again on 408, 429 and 5xx other than 501; report the others at once.",
    parameters: {
      status: { summary: "the status", type: "number", default: 500, lowest: 400, highest: 599 },
      retryAfterInSeconds,
    },
    effect: { instead: (values, error) => error(values.status, retryAfter(values)) },
  },
  "status-404": statusFault(
    404,
    "the identity is not wired up yet, as in the first seconds of an app",
    "Try again a few times, then report it: a 404 that stays is a wrong address.",
  ),
  "status-429": statusFault(
    429,
    "too many requests",
    "Wait as long as Retry-After says; without it, longer each time.",
  ),
  "status-500": statusFault(
    500,
    "the platform could not get a token; also its answer to a resource that does not exist",
    "Try again a few times only, and say that the resource may be wrong.",
  ),
  "status-502": statusFault(502, "a proxy in front of the endpoint got no sense out of it", tryAgain),
  "status-503": statusFault(
    503,
    "the endpoint is overloaded or starting",
    "Wait for Retry-After; without it, try again.",
  ),
  "status-504": statusFault(504, "a proxy in front of the endpoint got no answer in time", tryAgain),
  outage: {
    summary: "503 to every request, for a while on the clock",
    advice: "Live on valid tokens, ask ever more seldom, and recover without all instances asking at once.",
    parameters: {},
    usuallyForInMs: minute,
    effect: { instead: (_values, error) => error(503) },
  },
  "not-listening": {
    summary: "nothing listens on the port, as in the first seconds of a container",
    advice: "Try again with growing pauses for several seconds, then name the address that refused.",
    parameters: {},
    usuallyForInMs: 3000,
    effect: { silences: true },
  },
  "slow-headers": {
    summary: "the whole answer comes late",
    advice: "Wait within a time limit per attempt, then drop the connection and try again.",
    parameters: {
      delayInMs: { summary: "how late", type: "number", default: 2000, lowest: 0, highest: 10 * minute },
    },
    effect: { delivery: (reply, { delayInMs }) => ({ kind: "delay", delayInMs, reply }) },
  },
  "slow-body": {
    summary: "the status comes at once, the body drop by drop",
    advice: "Let the time limit of an attempt cover the body too.",
    parameters: {
      durationInMs: {
        summary: "how long the body takes",
        type: "number",
        default: 2000,
        lowest: 0,
        highest: 10 * minute,
      },
    },
    effect: { delivery: (reply, { durationInMs }) => ({ kind: "drip", durationInMs, reply }) },
  },
  hang: {
    summary: "no answer, ever",
    advice: "Give up after a time limit of your own and try again; other callers must not wait for the same corpse.",
    parameters: {},
    effect: { instead: () => ({ kind: "hang" }) },
  },
  reset: {
    summary: "the connection is reset",
    advice: "Try again on a new connection.",
    parameters: {},
    effect: { instead: () => ({ kind: "reset" }) },
  },
  "truncated-body": {
    summary: "the connection ends in the middle of the body",
    advice: "Take it for a broken connection, not for a malformed answer: try again.",
    parameters: {},
    effect: { delivery: (reply) => ({ kind: "truncate", reply }) },
  },
  html: bodyFault("200 with a page of HTML", reject, (reply) => ({
    headers: { ...reply.headers, "content-type": "text/html; charset=utf-8" },
    body: "<!doctype html><title>Something is in between</title><h1>Please sign in</h1>",
  })),
  empty: bodyFault("200 with an empty body", reject, () => ({ body: "" })),
  "malformed-json": bodyFault("200 with JSON that breaks off", reject, () => ({ body: '{"token_type":"Bearer",' })),
  null: bodyFault("200 with the JSON value null", reject, () => ({ body: "null" })),
  "missing-token": {
    summary: "200 without access_token",
    advice: reject,
    parameters: {},
    effect: { body: (body) => without(body, "access_token") },
  },
  "not-bearer": {
    summary: "200 with a token_type that is not Bearer",
    advice: "Refuse the token: sent as a bearer token it would not be what it is.",
    parameters: {},
    effect: { body: (body) => ({ ...body, token_type: "pop" }) },
  },
  "expired-token": {
    summary: "a token that has expired already",
    advice: "Never hand it to anyone; try again, and say so when it stays.",
    parameters: {
      agoInMs: { summary: "how long ago", type: "number", default: minute, lowest: 0, highest: 1440 * minute },
    },
    effect: { expiresOn: ({ agoInMs }, now) => now - agoInMs },
  },
  "short-token": {
    summary: "a token with little life left, as the platform's cache hands out",
    advice: "Use it while it lasts, without asking again on every call.",
    parameters: {
      lifetimeInMs: { summary: "how much", type: "number", default: 2 * minute, lowest: 1000, highest: 1440 * minute },
    },
    effect: { expiresOn: ({ lifetimeInMs }, now) => now + lifetimeInMs },
  },
  "missing-expiry": {
    summary: "200 without expires_on, and without expires_in",
    advice: "Do not guess and do not take it for now or never: report it.",
    parameters: {},
    effect: { body: (body) => without(body, "expires_on", "expires_in") },
  },
  "odd-expiry": {
    summary: "expires_on in another form than the host's",
    advice: "Read the form, not the API version; refuse what is no date.",
    parameters: {
      form: {
        summary: "which form",
        type: "text",
        default: "iso",
        choices: ["epoch-string", "epoch-number", "us-24h", "us-12h", "iso", "garbage"],
      },
    },
    effect: {
      body: (body, { form }, expiresOn) => ({
        ...body,
        expires_on: form === "garbage" ? "in a little while" : formatExpiresOn(form, expiresOn),
      }),
    },
  },
  "wrong-identity": {
    summary: "200 with the token of another identity than asked for",
    advice: "Compare client_id with the one you asked for, and refuse the token.",
    parameters: {},
    effect: { otherIdentity: true },
  },
  "unsupported-api-version": {
    summary: "400 UnsupportedApiVersion to one API version",
    advice: "Ask once with the other API version, its header and its parameter names, and remember the answer.",
    parameters: {
      apiVersion: {
        summary: "the API version that is refused",
        type: "text",
        default: "2019-08-01",
        choices: ["2019-08-01", "2017-09-01"],
      },
    },
    effect: {
      touches: (ask, { apiVersion }) => ask.apiVersion === apiVersion,
      refusal: "unsupported-api-version",
    },
  },
  "secret-rotated": {
    summary: "the secret changes just before the request, which is refused",
    advice: "Read the variables again, and repeat the request once if they have changed.",
    parameters: {},
    effect: { rotatesSecret: true },
  },
};

function without(body: Readonly<Record<string, unknown>>, ...properties: string[]): unknown {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !properties.includes(name)));
}
