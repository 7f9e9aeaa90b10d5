import type { ExpiresOnForm } from "@appservice-msi/emulator";
import type { Group, Scenario } from "#scenario";
import { nameOf, type Outcome } from "#outcome";
import { all, type Criterion, failed, gotToken, sent } from "./criteria.ts";
import { links } from "./links.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** What may lie between a token's arrival and a look at it. */
const aMoment = 5000;

function hours(timeInMs: number): string {
  return `${(timeInMs / hour).toFixed(1)} h`;
}

/** The life of the token as its holder was told. */
function tell(outcome: Outcome): string {
  const { token } = outcome;
  if (token === undefined) {
    return nameOf(outcome);
  }
  if (token.lifeInMs < aMoment) {
    return token.lifeInMs < -aMoment ? "token that has expired" : "token said to expire now";
  }
  return `expires in ${hours(token.lifeInMs)}${token.refreshInMs === undefined ? "" : `, refresh after ${hours(token.refreshInMs)}`}`;
}

/** Emulated tokens live for a day; a few seconds may have gone by. */
const livesForADay: Criterion = ({ token }) => token !== undefined && Math.abs(token.lifeInMs - day) < 60_000;

const refreshesInTime: Criterion = ({ token }) =>
  token?.refreshInMs !== undefined && token.refreshInMs > 0 && token.refreshInMs < token.lifeInMs;

/** `expires_on` in some form: how it is read, and whether the next call believes it. */
function written(form: ExpiresOnForm, rest: Pick<Scenario, "name" | "question" | "explain" | "quick">): Scenario {
  return {
    wanted: "the token's own expiry, and no request for the second call",
    fault: { name: "odd-expiry", form },
    second: true,
    tell,
    meets: all(livesForADay, sent(0)),
    link: links.token,
    ...rest,
  };
}

const otherForms = "@azure/identity reads the form as no date, and the expiry becomes now: every call is a request.";

export const expiry: Group = {
  title: "Until when",
  intro:
    "What becomes of expires_on, which is the token's exp claim in one of several forms. Tokens live for 24 hours.",
  scenarios: [
    {
      name: "refresh-point",
      question: "Seconds since 1970, as text: what App Service writes in 2019-08-01",
      wanted: "the token's own expiry, and a refresh before it",
      tell,
      meets: all(livesForADay, refreshesInTime),
      explain:
        "Half of the life for all three; one comes up to a tenth earlier, at random, so that instances do not refresh in step.",
      link: links.refresh,
    },
    written("epoch-number", {
      name: "date-epoch-number",
      question: "The same as a number: Azure Machine Learning",
      explain: "All three read it.",
    }),
    written("us-24h", {
      name: "date-us-24h",
      question: "06/20/2030 14:57:58 +00:00, as Linux writes in 2017-09-01",
      explain: otherForms,
      quick: true,
    }),
    written("us-12h", {
      name: "date-us-12h",
      question: "6/20/2030 2:57:58 PM +00:00, as Windows writes in 2017-09-01",
      explain: otherForms,
      quick: true,
    }),
    written("iso", { name: "date-iso", question: "2030-06-20T14:57:58Z", explain: otherForms }),
    {
      name: "missing-expiry",
      question: "No expiry at all",
      wanted: "an error",
      fault: { name: "missing-expiry" },
      tell,
      meets: failed,
      explain: "@azure/identity takes it for now and asks on every call; nobody hears of it.",
      link: links.invalidResponse,
    },
    {
      name: "nonsense-expiry",
      question: "in a little while",
      wanted: "an error",
      fault: { name: "odd-expiry", form: "garbage" },
      tell,
      meets: failed,
      explain: "The same: now.",
      link: links.invalidResponse,
    },
    {
      name: "expired-token",
      question: "The token expired a minute ago",
      wanted: "an error: no service would take the token",
      fault: { name: "expired-token", agoInMs: 60_000 },
      tell,
      meets: (outcome) => !gotToken(outcome),
      explain: "@azure/identity hands it out; AppServiceMsiCredential asks again a few times first.",
      link: links.invalidResponse,
      waitsInMs: 6000,
    },
  ],
};
