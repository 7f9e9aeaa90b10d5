import type { Group, Scenario } from "./scenario.ts";
import { expiry } from "./scenarios/expiry.ts";
import { faultsThatPass, faultsThatStay } from "./scenarios/faults.ts";
import { hosts } from "./scenarios/hosts.ts";
import { identities } from "./scenarios/identities.ts";
import { refreshes } from "./scenarios/refreshes.ts";
import { requests } from "./scenarios/requests.ts";
import { surroundings } from "./scenarios/surroundings.ts";
import { waiting } from "./scenarios/waiting.ts";
import { wrongAnswers } from "./scenarios/wrong-answers.ts";

/** All scenarios, in the order of the report. */
export const groups: readonly Group[] = [
  identities,
  requests,
  expiry,
  refreshes,
  waiting,
  faultsThatPass,
  faultsThatStay,
  wrongAnswers,
  hosts,
  surroundings,
];

/** The scenario with that name. */
export function findScenario(name: string): Scenario | undefined {
  return groups.flatMap(({ scenarios }) => scenarios).find((scenario) => scenario.name === name);
}
