import type { App, Group, Scenario } from "#scenario";
import { all, type Criterion, failed, gotToken, said } from "./criteria.ts";
import { links } from "./links.ts";

type Facts = Pick<Scenario, "name" | "question" | "explain" | "link"> & Partial<Scenario>;

/** A call that meets a fault. */
function fault(arm: (app: App) => Promise<unknown>, facts: Facts): Scenario {
  return {
    act: async (app) => {
      await arm(app);
      return app.call();
    },
    waitsInMs: 3000,
    ...facts,
  };
}

/** A fault that is over soon. */
const passing: typeof fault = (arm, facts) => fault(arm, { wanted: "a token", meets: gotToken, ...facts });

const keepsTo =
  (seconds: number): Criterion =>
  ({ requests: [first, second] }) =>
    first !== undefined && second !== undefined && second.atInMs - first.atInMs >= seconds * 1000 - 20;

export const faultsThatPass: Group = {
  title: "Faults that pass",
  intro: "The endpoint is late or stumbles, and is well again soon. Each mark on a line is a request.",
  scenarios: [
    passing((app) => app.emulator.faults.arm("not-listening", { forInMs: 3000 }), {
      name: "late-3s",
      question: "Nothing listens for the first 3 s",
      explain: "All three try again for long enough.",
      link: links.unreachable,
      waitsInMs: 6000,
    }),
    passing((app) => app.emulator.faults.arm("not-listening", { forInMs: 8000 }), {
      name: "late-8s",
      question: "Nothing listens for the first 8 s",
      explain:
        "DefaultAzureCredential retries five times over 12 to 25 s; the others give up after 3 to 7 s unless retryOptions say more.",
      link: links.unreachable,
      limitInMs: 30_000,
      waitsInMs: 15_000,
    }),
    passing((app) => app.emulator.faults.arm("status-404", { forInMs: 8000 }), {
      name: "404-for-8s",
      question: "404 for the first 8 s: the identity is not wired up yet",
      explain:
        "@azure/identity retries a 404 five times over 12 to 25 s. AppServiceMsiCredential does so three times in 1.4 s: a 404 that stays is a wrong address.",
      link: links.rejected,
      limitInMs: 30_000,
      waitsInMs: 20_000,
    }),
    passing((app) => app.emulator.faults.arm("status-404", { times: 1 }), {
      name: "404-once",
      question: "404, once",
      explain: "All three try again.",
      link: links.rejected,
    }),
    passing((app) => app.emulator.faults.arm("status-429", { times: 1, retryAfterInSeconds: 2 }), {
      name: "429-retry-after",
      question: "429 with Retry-After: 2, once",
      wanted: "a token, and 2 s of quiet before the second request",
      meets: all(gotToken, keepsTo(2)),
      explain: "All three keep to it.",
      link: links.throttled,
    }),
    passing((app) => app.emulator.faults.arm("status-429", { times: 1 }), {
      name: "429-once",
      question: "429 without Retry-After, once",
      explain: "Without the header @azure/identity takes 429 for final.",
      link: links.throttled,
    }),
    passing((app) => app.emulator.faults.arm("status-503", { times: 1, retryAfterInSeconds: 2 }), {
      name: "503-retry-after",
      question: "503 with Retry-After: 2, once",
      wanted: "a token, and 2 s of quiet before the second request",
      meets: all(gotToken, keepsTo(2)),
      explain: "All three keep to it.",
      link: links.serviceFailed,
    }),
    passing((app) => app.emulator.faults.arm("status-500", { times: 1 }), {
      name: "500-once",
      question: "500, once",
      explain: "All three try again.",
      link: links.serviceFailed,
    }),
    passing((app) => app.emulator.faults.arm("status-504", { times: 1 }), {
      name: "504-once",
      question: "504, once",
      explain: "All three try again.",
      link: links.serviceFailed,
    }),
    passing((app) => app.emulator.faults.arm("reset", { times: 1 }), {
      name: "reset-once",
      question: "The connection is reset, once",
      explain: "All three try again.",
      link: links.unreachable,
    }),
    passing((app) => app.emulator.faults.arm("truncated-body", { times: 1 }), {
      name: "truncated-once",
      question: "The connection ends in the middle of the body, once",
      explain: "@azure/identity does not retry a body that breaks off, and reports the network as unreachable.",
      link: links.brokenOff,
    }),
  ],
};

/** A fault that does not go away. DefaultAzureCredential is given the time to finish. */
const staying: typeof fault = (arm, facts) => fault(arm, { limitInMs: 30_000, waitsInMs: 22_000, ...facts });

const saysStatus = (status: number): Partial<Scenario> => ({
  wanted: "an error that says the status",
  meets: all(failed, said(new RegExp(`\\b${status}\\b`))),
});

const words = "@azure/identity passes on the endpoint's words and correlation id, and drops the status";

export const faultsThatStay: Group = {
  title: "Faults that stay",
  intro: "The endpoint stays broken: how long it takes to hear of it, and what one hears.",
  scenarios: [
    staying((app) => app.emulator.faults.arm("not-listening", { forInMs: 3_600_000 }), {
      name: "refused",
      question: "Nothing listens",
      wanted: "an error that says where",
      meets: all(failed, said("127.0.0.1")),
      explain: "@azure/identity says network_error; address and ECONNREFUSED are lost on the way.",
      link: links.unreachable,
    }),
    staying((app) => app.emulator.faults.arm("status-404"), {
      name: "404",
      question: "404",
      ...saysStatus(404),
      explain: `${words}; it takes its time because a 404 may pass.`,
      link: links.rejected,
    }),
    staying((app) => app.emulator.faults.arm("status-429"), {
      name: "429",
      question: "429 without Retry-After",
      ...saysStatus(429),
      explain: `${words}; it does not try again.`,
      link: links.throttled,
      waitsInMs: 6000,
    }),
    staying((app) => app.emulator.faults.arm("status-500"), {
      name: "500",
      question: "500",
      ...saysStatus(500),
      explain: `${words}.`,
      link: links.serviceFailed,
    }),
    {
      name: "bad-endpoint",
      question: "IDENTITY_ENDPOINT is no URL",
      wanted: "an error that names the variable, and no request",
      env: ({ env }) => ({ ...env, IDENTITY_ENDPOINT: env["IDENTITY_ENDPOINT"]?.replace("http://", "") }),
      act: (app) => app.call(),
      meets: all(failed, said("IDENTITY_ENDPOINT"), ({ requestCount }) => requestCount === 0),
      explain: "@azure/identity calls it an unreachable network.",
      link: links.invalidEndpoint,
    },
  ],
};
