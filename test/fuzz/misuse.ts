import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import * as fc from "fast-check";
import { canarySecret, canaryToken } from "../canaries.ts";
import { documentedOutcome, judgeMisuse } from "./outcome.ts";
import { Tally, type Target } from "./target.ts";

const anything = fc.oneof(
  fc.anything({ maxDepth: 2, withBigInt: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(null, 0, -1, Number.NaN, Infinity, "", "5", [], {}, Symbol("s"), () => {}, 2 ** 31),
);

const optionNames = [
  ..."managedIdentityClientId,managedIdentityResourceId,managedIdentityObjectId,clientId,resourceId,objectId".split(
    ",",
  ),
  ..."apiVersion,timeoutInMs,attemptTimeoutInMs,retryOptions,httpClient,additionalPolicies".split(","),
  ..."loggingOptions,userAgentOptions,env".split(","),
];
const options = fc.dictionary(fc.constantFrom(...optionNames), anything, { maxKeys: 2 });
const retryOptions = fc.dictionary(fc.constantFrom("maxRetries", "retryDelayInMs", "maxRetryDelayInMs"), anything);

const run = fc.record({
  options: fc.oneof(
    options,
    retryOptions.map((value) => ({ retryOptions: value })),
    fc.constant({}),
  ),
  scopes: fc.oneof(fc.constant<unknown>("https://storage.azure.com"), anything),
});

const env = { IDENTITY_ENDPOINT: "http://127.0.0.1:41601/msi/token", IDENTITY_HEADER: canarySecret };

/** Answers every request with a token. */
const httpClient: HttpClient = {
  sendRequest: (request) =>
    Promise.resolve({
      request,
      status: 200,
      headers: createHttpHeaders(),
      bodyAsText: JSON.stringify({ access_token: canaryToken, expires_in: 3600 }),
    }),
};

/** What a program in JavaScript may hand over, against every type. */
export const misuse: Target = {
  name: "misuse",
  claim: "an option or a scope of any type is taken, or refused by a TypeError or RangeError in words of ours",
  quickRuns: 1000,
  open: () => {
    const outcomes = new Tally();
    return Promise.resolve({
      outcomes,
      property: fc.asyncProperty(run, async ({ options: given, scopes }) => {
        outcomes.count(await perform(given, scopes as string));
      }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
};

async function perform(given: object, scopes: string): Promise<string> {
  let credential: AppServiceMsiCredential;
  try {
    credential = new AppServiceMsiCredential({ env, httpClient, timeoutInMs: 200, ...given });
  } catch (error) {
    return judgeMisuse(error);
  }
  return documentedOutcome(credential.getToken(scopes));
}
