import type { Group, Scenario } from "#scenario";
import { failed } from "./criteria.ts";
import { links } from "./links.ts";

/** Status 200 with something else than a token response. */
function answer(
  name: "html" | "empty" | "malformed-json" | "null" | "missing-token" | "not-bearer",
  facts: Pick<Scenario, "question" | "explain" | "waitsInMs">,
): Scenario {
  return { name, wanted: "an error", fault: { name }, meets: failed, link: links.invalidResponse, ...facts };
}

export const wrongAnswers: Group = {
  title: "Answers that are no token",
  intro: "Status 200, and something else inside. Nobody takes it for a token; the messages differ.",
  scenarios: [
    answer("html", {
      question: "A page of HTML",
      explain: "@azure/identity quotes body and headers; the other says type and length, as a body may hold a token.",
    }),
    answer("empty", { question: "An empty body", explain: "@azure/identity quotes the headers." }),
    answer("malformed-json", {
      question: "JSON that breaks off",
      explain: "@azure/identity calls it an unreachable network; the other takes it for a cut and tries again first.",
      waitsInMs: 6000,
    }),
    answer("null", { question: "null", explain: "In @azure/identity the message is a TypeError's." }),
    answer("missing-token", {
      question: "No access_token",
      explain: "@azure/identity misses the expiry, which is there.",
    }),
    answer("not-bearer", { question: "token_type is pop", explain: "@azure/identity wants a claim for that type." }),
  ],
};
