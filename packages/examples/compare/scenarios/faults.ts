import type { Group, Scenario } from "#scenario";
import { all, type Criterion, failed, gotToken, said } from "./criteria.ts";
import { links } from "./links.ts";

type Facts = Pick<Scenario, "name" | "question" | "fault" | "explain" | "link"> & Partial<Scenario>;

/** A fault that is over soon. */
function passing(facts: Facts): Scenario {
  return { wanted: "a token", meets: gotToken, waitsInMs: 3000, ...facts };
}

/** A fault that does not go away. DefaultAzureCredential is given the time to finish. */
function staying(facts: Facts): Scenario {
  return { limitInMs: 30_000, waitsInMs: 22_000, ...facts };
}

const keepsTo =
  (seconds: number): Criterion =>
  ({ requests: [first, second] }) =>
    first !== undefined && second !== undefined && second.atInMs - first.atInMs >= seconds * 1000 - 20;

export const faultsThatPass: Group = {
  title: "Faults that pass",
  intro: "The endpoint is late or stumbles, and is well again soon. Each mark on a line is a request.",
  scenarios: [
    passing({
      name: "late-3s",
      question: "Nothing listens for the first 3 s",
      fault: { name: "not-listening", forInMs: 3000 },
      explain: "All three try again for long enough.",
      link: links.unreachable,
      waitsInMs: 6000,
    }),
    passing({
      name: "late-8s",
      question: "Nothing listens for the first 8 s",
      fault: { name: "not-listening", forInMs: 8000 },
      explain:
        "DefaultAzureCredential retries five times over 12 to 25 s; the others give up after 3 to 7 s unless retryOptions say more.",
      link: links.unreachable,
      limitInMs: 30_000,
      waitsInMs: 15_000,
    }),
    passing({
      name: "404-for-8s",
      question: "404 for the first 8 s: the identity is not wired up yet",
      fault: { name: "status-404", forInMs: 8000 },
      explain:
        "@azure/identity retries a 404 five times over 12 to 25 s. AppServiceMsiCredential does so three times in 1.4 s: a 404 that stays is a wrong address.",
      link: links.rejected,
      limitInMs: 30_000,
      waitsInMs: 20_000,
    }),
    passing({
      name: "404-once",
      question: "404, once",
      fault: { name: "status-404", times: 1 },
      explain: "All three try again.",
      link: links.rejected,
    }),
    passing({
      name: "429-retry-after",
      question: "429 with Retry-After: 2, once",
      fault: { name: "status-429", times: 1, retryAfterInSeconds: 2 },
      wanted: "a token, and 2 s of quiet before the second request",
      meets: all(gotToken, keepsTo(2)),
      explain: "All three keep to it.",
      link: links.throttled,
    }),
    passing({
      name: "429-once",
      question: "429 without Retry-After, once",
      fault: { name: "status-429", times: 1 },
      explain: "Without the header @azure/identity takes 429 for final.",
      link: links.throttled,
    }),
    passing({
      name: "503-retry-after",
      question: "503 with Retry-After: 2, once",
      fault: { name: "status-503", times: 1, retryAfterInSeconds: 2 },
      wanted: "a token, and 2 s of quiet before the second request",
      meets: all(gotToken, keepsTo(2)),
      explain: "All three keep to it.",
      link: links.serviceFailed,
    }),
    passing({
      name: "500-once",
      question: "500, once",
      fault: { name: "status-500", times: 1 },
      explain: "All three try again.",
      link: links.serviceFailed,
    }),
    passing({
      name: "408-once",
      question: "408, once",
      fault: { name: "status", status: 408, times: 1 },
      explain: "All three try again.",
      link: links.rejected,
    }),
    passing({
      name: "502-once",
      question: "502, once",
      fault: { name: "status-502", times: 1 },
      explain: "All three try again.",
      link: links.serviceFailed,
    }),
    passing({
      name: "504-once",
      question: "504, once",
      fault: { name: "status-504", times: 1 },
      explain: "All three try again.",
      link: links.serviceFailed,
    }),
    passing({
      name: "reset-once",
      question: "The connection is reset, once",
      fault: { name: "reset", times: 1 },
      explain: "All three try again.",
      link: links.unreachable,
    }),
    passing({
      name: "truncated-once",
      question: "The connection ends in the middle of the body, once",
      fault: { name: "truncated-body", times: 1 },
      explain: "@azure/identity does not retry a body that breaks off, and reports the network as unreachable.",
      link: links.brokenOff,
    }),
  ],
};

const saysStatus = (status: number): Partial<Scenario> => ({
  wanted: "an error that says the status",
  meets: all(failed, said(new RegExp(`\\b${status}\\b`))),
});

const words = "@azure/identity passes on the endpoint's words and correlation id, and drops the status";

export const faultsThatStay: Group = {
  title: "Faults that stay",
  intro: "The endpoint stays broken: how long it takes to hear of it, and what one hears.",
  scenarios: [
    staying({
      name: "refused",
      question: "Nothing listens",
      fault: { name: "not-listening", forInMs: 3_600_000 },
      wanted: "an error that says where",
      meets: all(failed, said("127.0.0.1")),
      explain: "@azure/identity says network_error; address and ECONNREFUSED are lost on the way.",
      link: links.unreachable,
    }),
    {
      name: "401",
      question: "401: the secret has changed, and the variable has not",
      fault: { name: "secret-rotated" },
      wanted: "an error that names the variable",
      meets: all(failed, said("IDENTITY_HEADER")),
      explain: "@azure/identity passes on the endpoint's words.",
      link: links.unauthorized,
    },
    staying({
      name: "404",
      question: "404",
      fault: { name: "status-404" },
      ...saysStatus(404),
      explain: `${words}; it takes its time because a 404 may pass.`,
      link: links.rejected,
    }),
    staying({
      name: "429",
      question: "429 without Retry-After",
      fault: { name: "status-429" },
      ...saysStatus(429),
      explain: `${words}; it does not try again.`,
      link: links.throttled,
      waitsInMs: 6000,
    }),
    staying({
      name: "500",
      question: "500",
      fault: { name: "status-500" },
      ...saysStatus(500),
      explain: `${words}.`,
      link: links.serviceFailed,
    }),
    {
      name: "bad-endpoint",
      question: "IDENTITY_ENDPOINT is no URL",
      wanted: "an error that names the variable, and no request",
      env: ({ env }) => ({ ...env, IDENTITY_ENDPOINT: env["IDENTITY_ENDPOINT"]?.replace("http://", "") }),
      meets: all(failed, said("IDENTITY_ENDPOINT"), ({ requestCount }) => requestCount === 0),
      explain: "@azure/identity calls it an unreachable network.",
      link: links.invalidEndpoint,
    },
  ],
};
