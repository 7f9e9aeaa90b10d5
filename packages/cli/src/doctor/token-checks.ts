import { inWords, toIso } from "../duration.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Check, pass, skip, warn } from "./check.ts";
import type { Probe } from "./facts.ts";

/** Two clocks may differ by this much before anything goes wrong; a Date header is late by up to a second or two. */
const toleratedSkewInMs = 60_000;

/** The clock and the token's age. Neither keeps anybody from a token. */
export const tokenChecks: readonly Check[] = [
  {
    name: "clock",
    title: "The clocks agree",
    remedy: "Set this machine's clock. A token looks expired too early or too late otherwise.",
    exitCode: exitCodes.unexpected,
    judge({ probes }) {
      const [skew] = probes.flatMap(skewOf);
      if (skew === undefined) {
        return skip("the endpoint tells no time");
      }
      const words = `this clock is ${inWords(skew)} ${skew < 0 ? "ahead of" : "behind"} the endpoint's`;
      return Math.abs(skew) > toleratedSkewInMs ? warn(words) : pass("within a minute");
    },
  },
  {
    name: "token-age",
    title: "The token is not old",
    remedy:
      "Nothing can force a new one: the platform keeps tokens for about a day, and a restart does not change that. Wait, or grant the role to an identity that has not been used yet.",
    exitCode: exitCodes.unexpected,
    judge({ probes, now, staleAfterInMs }) {
      const { issuedOn, expiresOn } = probes.find(({ granted }) => granted)?.claims ?? {};
      if (issuedOn === undefined) {
        return skip("no token tells");
      }
      const age = Math.max(0, now - issuedOn);
      const until = expiresOn === undefined ? "" : `, until ${toIso(expiresOn)}`;
      const words = `${inWords(age)} old; role changes since may not show${until}`;
      return age > staleAfterInMs ? warn(words) : pass(words);
    },
  },
];

/** How far the endpoint's clock is ahead of ours, in milliseconds. */
function skewOf({ answer }: Probe): number[] {
  const date = Date.parse(answer?.headers["date"] ?? "");
  return answer === undefined || Number.isNaN(date) ? [] : [date - answer.at];
}
