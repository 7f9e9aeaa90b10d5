import { describe, expect, it } from "vitest";
import type { Failure, IssuedToken } from "./answer.ts";
import { findEndpoint } from "./endpoint.ts";
import { Negotiation } from "./negotiation.ts";
import type { ApiVersion } from "./protocol.ts";

const endpoint = findEndpoint({ IDENTITY_ENDPOINT: "http://127.0.0.1:5555/msi/token", IDENTITY_HEADER: "secret" });

const token: IssuedToken = { kind: "token", token: "token", expiresOnTimestamp: 1 };
const unreachable: Failure = { kind: "failure", code: "UNREACHABLE", what: "refused the connection", retriable: true };
const refused: Failure = { kind: "failure", code: "REJECTED", what: "answered 400", retriable: false, statusCode: 400 };
const unsupported: Failure = { ...refused, unsupportedApiVersion: true };

/** Asks for two tokens, where the endpoint does not speak the first version; says which versions it was asked in. */
async function versionsAsked(...then: [second: IssuedToken | Failure, third: IssuedToken | Failure]) {
  const negotiation = new Negotiation("auto");
  const outcomes = [unsupported, ...then];
  const asked: ApiVersion[] = [];
  const ask = async (apiVersion: ApiVersion): Promise<IssuedToken | Failure> => {
    asked.push(apiVersion);
    return outcomes.shift() ?? token;
  };
  await negotiation.ask(endpoint, ask, () => {});
  await negotiation.ask(endpoint, ask, () => {});
  return asked;
}

describe("the next token is asked for", () => {
  it.each<[when: string, outcome: IssuedToken | Failure]>([
    ["brought a token", token],
    ["was refused for another reason", refused],
  ])("in the other version alone, when that %s", async (_when, outcome) => {
    expect(await versionsAsked(outcome, token)).toEqual(["2019-08-01", "2017-09-01", "2017-09-01"]);
  });

  it.each<[when: string, outcome: Failure]>([
    ["is not spoken either", unsupported],
    ["did not get to the endpoint, which may be another one when it is back", unreachable],
  ])("in the first version again, when the other one %s", async (_when, outcome) => {
    expect(await versionsAsked(outcome, token)).toEqual(["2019-08-01", "2017-09-01", "2019-08-01"]);
  });
});
