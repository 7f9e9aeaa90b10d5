import type { App, Group } from "#scenario";
import type { Outcome } from "#outcome";
import { all, gotToken, sent } from "./criteria.ts";
import { links } from "./links.ts";

const thousand = 1000;

/** 1000 callers for one resource, after 1, 10 and 100 for others of which there was no token either. */
async function callMany(app: App): Promise<Outcome> {
  const figures: Record<string, number> = {};
  for (const callers of [1, 10, 100]) {
    const { requestCount } = await app.call({ callers, scope: `https://vault-${callers}.example.net/.default` });
    figures[callers] = requestCount;
  }
  const outcome = await app.call({ callers: thousand });
  return { ...outcome, figures: { ...figures, [thousand]: outcome.requestCount } };
}

export const requests: Group = {
  title: "How many requests",
  intro: "How often the endpoint is asked. Counted where requests leave the process.",
  scenarios: [
    {
      name: "one-caller",
      question: "1 caller, nothing in memory",
      wanted: "1 request",
      meets: all(gotToken, sent(1)),
      explain: "One question, one answer.",
      link: links.refresh,
    },
    {
      name: "thousand-callers",
      question: "1000 callers at once, nothing in memory",
      wanted: "1 request",
      act: callMany,
      meets: all(gotToken, sent(1)),
      explain: "One request serves all who wait for it; in @azure/identity each caller sends one of its own.",
      link: links.refresh,
      quick: true,
    },
    {
      name: "warm-callers",
      question: "1000 callers at once, the token in memory",
      wanted: "no request",
      second: true,
      call: { callers: thousand },
      meets: all(gotToken, sent(0)),
      explain: "Everyone remembers tokens.",
      link: links.refresh,
    },
    {
      name: "second-credential",
      question: "A second credential of the same identity, after the first has its token",
      wanted: "no request",
      second: true,
      call: { onNewCredential: true },
      meets: all(gotToken, sent(0)),
      explain:
        "@azure/identity keeps tokens for the whole process, AppServiceMsiCredential for each instance, so that nothing leaks between tests or tenants: share one.",
      link: links.refresh,
      quick: true,
    },
    {
      name: "claims",
      question: "A service refused the token: a call with claims",
      wanted: "1 request for a newer one",
      second: true,
      call: { claims: '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}' },
      meets: all(gotToken, sent(1)),
      explain:
        "@azure/identity returns the refused token from memory; asking again is all one can do, and the platform may still answer with the same.",
      link: links.claims,
    },
    {
      name: "short-token",
      question: "The platform's token has 2 minutes left: the second call",
      wanted: "no request while it lasts",
      fault: { name: "short-token", lifetimeInMs: 120_000 },
      second: true,
      meets: all(gotToken, sent(0)),
      explain: "@azure/identity asks on every call once less than 5 minutes are left.",
      link: links.cache,
    },
  ],
};
