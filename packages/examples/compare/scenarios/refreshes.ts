import type { App, Group, Scenario } from "#scenario";
import { all, atOnce, gotToken } from "./criteria.ts";
import { links } from "./links.ts";

const hour = 3_600_000;

/** Half an hour past the middle of a token's life, with the endpoint as told. */
function atRefresh(
  arm: (app: App) => Promise<unknown>,
  rest: Pick<Scenario, "name" | "question" | "explain" | "waitsInMs">,
): Scenario {
  return {
    wanted: "the valid token, at once",
    act: async (app) => {
      await app.prepare();
      await app.travel(12.5 * hour);
      await arm(app);
      return app.call();
    },
    meets: all(gotToken, atOnce),
    link: links.refresh,
    ...rest,
  };
}

export const refreshes: Group = {
  title: "A refresh is due",
  intro: "The token in memory is 12½ of its 24 hours old: due for a refresh, and valid for half a day more.",
  scenarios: [
    atRefresh(async () => {}, {
      name: "refresh",
      question: "The endpoint answers",
      explain:
        "@azure/identity waits for the answer and returns the old token; the other returns first and asks behind.",
    }),
    atRefresh((app) => app.emulator.faults.arm("slow-headers", { delayInMs: 3000 }), {
      name: "refresh-slow",
      question: "The endpoint takes 3 s",
      explain: "Who waits for the refresh waits 3 s, for a token that was there.",
      waitsInMs: 3000,
    }),
    atRefresh((app) => app.emulator.faults.arm("status-429"), {
      name: "refresh-429",
      question: "The endpoint answers 429",
      explain: "All three live on the valid token.",
    }),
    atRefresh((app) => app.emulator.faults.arm("status-500"), {
      name: "refresh-500",
      question: "The endpoint answers 500",
      explain: "@azure/identity returns the valid token too, but only when all its retries are used up.",
      waitsInMs: 15_000,
    }),
    atRefresh((app) => app.emulator.faults.arm("not-listening", { forInMs: hour }), {
      name: "refresh-refused",
      question: "Nothing listens",
      explain: "In @azure/identity a failed connection fails the call, though the token at hand is good for 11 hours.",
      waitsInMs: 15_000,
    }),
    atRefresh((app) => app.emulator.faults.arm("html"), {
      name: "refresh-html",
      question: "The endpoint answers with a page of HTML",
      explain: "The same: in @azure/identity the call fails.",
    }),
    atRefresh((app) => app.emulator.faults.arm("hang"), {
      name: "refresh-hang",
      question: "The endpoint never answers",
      explain: "@azure/identity has no time limit, so the call hangs with the endpoint.",
      waitsInMs: 15_000,
    }),
  ],
};
