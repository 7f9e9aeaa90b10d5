import type { Cell, Row } from "./comparison.ts";
import { nameOf, type Outcome, type ReceivedToken } from "./outcome.ts";
import { limitInMs, type Scenario } from "./scenario.ts";

/** Claims that differ from one token to the next, whoever asks. */
const ofTheMoment: ReadonlySet<string> = new Set(["iat", "nbf", "exp", "uti"]);

/** Measures the outcomes of a scenario by what it wanted. */
export function judge(scenario: Scenario, outcomes: readonly Outcome[]): Row {
  const { name, question, wanted, explain, link } = scenario;
  const tokens = outcomes.flatMap(({ token }) => token ?? []);
  return {
    name,
    question,
    ...(wanted !== undefined && { wanted }),
    explain,
    link,
    ...(tokens.length > 1 && { sameClaims: new Set(tokens.map(lastingClaims)).size === 1 }),
    cells: outcomes.map((outcome) => toCell(scenario, outcome)),
  };
}

function toCell(scenario: Scenario, outcome: Outcome): Cell {
  const met = outcome.ended === "lacking" ? false : scenario.meets?.(outcome);
  return { ...(met !== undefined && { met }), told: tell(scenario, outcome), outcome };
}

function tell(scenario: Scenario, outcome: Outcome): string {
  if (outcome.ended === "lacking") {
    return "no such option";
  }
  if (outcome.ended === "waiting") {
    return `still waiting after ${(scenario.limitInMs ?? limitInMs) / 1000} s`;
  }
  return scenario.tell?.(outcome) ?? (outcome.ended === "token" ? "token" : nameOf(outcome));
}

function lastingClaims({ claims }: ReceivedToken): string {
  const lasting = Object.entries(claims).filter(([name]) => !ofTheMoment.has(name));
  return JSON.stringify(lasting.toSorted(([one], [other]) => one.localeCompare(other)));
}
