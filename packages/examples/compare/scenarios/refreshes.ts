import { type Group, limitInMs, type Scenario } from "#scenario";
import { all, atOnce, gotToken } from "./criteria.ts";
import { links } from "./links.ts";

/** A call past the refresh point, with the endpoint as told. */
function atRefresh(
  facts: Pick<Scenario, "name" | "question" | "explain" | "fault" | "limitInMs" | "waitsInMs">,
): Scenario {
  return {
    wanted: "the valid token, at once",
    refreshDue: true,
    meets: all(gotToken, atOnce),
    link: links.refresh,
    limitInMs: 30_000,
    ...facts,
  };
}

export const refreshes: Group = {
  title: "A refresh is due",
  intro: "The token in memory is 12½ of its 24 hours old: due for a refresh, and valid for half a day more.",
  scenarios: [
    atRefresh({
      name: "refresh",
      question: "The endpoint answers",
      explain:
        "@azure/identity waits for the answer and returns the old token; the other returns first and asks behind.",
    }),
    atRefresh({
      name: "refresh-slow",
      question: "The endpoint takes 3 s",
      fault: { name: "slow-headers", delayInMs: 3000 },
      explain: "Who waits for the refresh waits 3 s, for a token that was there.",
      waitsInMs: 3000,
    }),
    atRefresh({
      name: "refresh-429",
      question: "The endpoint answers 429",
      fault: { name: "status-429" },
      explain: "All three live on the valid token.",
    }),
    atRefresh({
      name: "refresh-outage",
      question: "The endpoint answers 503 for a minute",
      fault: { name: "outage" },
      explain: "@azure/identity returns the valid token too, but only when all its retries are used up.",
      waitsInMs: 20_000,
    }),
    atRefresh({
      name: "refresh-refused",
      question: "Nothing listens for a minute",
      fault: { name: "not-listening", forInMs: 60_000 },
      explain: "In @azure/identity a failed connection fails the call, though the token at hand is good for 11 hours.",
      waitsInMs: 20_000,
    }),
    atRefresh({
      name: "refresh-html",
      question: "The endpoint answers with a page of HTML",
      fault: { name: "html" },
      explain: "The same: in @azure/identity the call fails.",
    }),
    atRefresh({
      name: "refresh-hang",
      question: "The endpoint never answers",
      fault: { name: "hang" },
      explain: "@azure/identity has no time limit, so the call hangs with the endpoint.",
      limitInMs,
      waitsInMs: 15_000,
    }),
  ],
};
