import type { AppServiceMsiError } from "@appservice-msi/credential";
import { whatHappened } from "./probe-reading.ts";

/** What to do, given the variable whose endpoint was asked. */
type Remedy = (variable: string) => string;

const askLess: Remedy = () =>
  "Share one credential in the process, so that its cache serves all callers, and ask again only after the time in Retry-After.";
const checkPath: Remedy = (variable) =>
  `Check the path of the URL in ${variable}. Just after a start the identity may not be wired up yet: wait a minute, and run this again.`;
const checkResource: Remedy = () =>
  "Check the resource first: one that does not exist gets a 500 as well. If it is right, try again later, and give Azure support the correlation id.";
const tryAgain: Remedy = () => "Run this again: an endpoint under load breaks off. Restart the app if it stays so.";
const checkClock: Remedy = () => "Check the clock of this machine. If it is right, restart the app.";
const notThePlatforms: Remedy = (variable) =>
  `Check ${variable}: this is not how the platform's endpoint answers. Restart the app if the value is not the platform's.`;
const somethingElse: Remedy = (variable) =>
  `Something other than the identity endpoint listens there: check ${variable}, and look at the whole answer with appservice-msi token --response.`;

const byStatus: Readonly<Record<number, Remedy>> = {
  404: checkPath,
  429: askLess,
  500: checkResource,
  502: checkResource,
  503: checkResource,
  504: checkResource,
};

/** Of answers that are no refusal, by what the credential says of them. */
const byForm: readonly (readonly [form: RegExp, remedy: Remedy])[] = [
  [/^broke off|that breaks off/, tryAgain],
  [/with a token that expired/, checkClock],
  [/with a token_type other/, notThePlatforms],
  [/with (?:a body that|a redirect|no )/, somethingElse],
];

/** What to do about an answer without a token that can be used. `undefined` where there is nothing special to say. */
export function answerRemedy(error: AppServiceMsiError, variable = "IDENTITY_ENDPOINT"): string | undefined {
  const { statusCode = 0 } = error;
  const found = statusCode < 400 ? byForm.find(([form]) => form.test(whatHappened(error)))?.[1] : byStatus[statusCode];
  return found?.(variable);
}
