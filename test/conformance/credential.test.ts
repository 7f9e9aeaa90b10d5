import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { describe, expect, it } from "vitest";
import { type Act, connectionError, inVirtualTime, playEndpoint, stopClocks, useNock } from "../play-endpoint.ts";
import { canonical, canonicalRequests } from "./canonical.ts";
import { fill, standIns, unfill } from "./stand-ins.ts";
import { type Call, type Exchange, labelled, readCalls } from "./transcript.ts";

useNock();

/** What the played endpoint does in an exchange; the variables change as soon as it has answered. */
function actOf({ response, sets }: Exchange, env: Record<string, string | undefined>): Act {
  return () => {
    Object.assign(env, fill(sets ?? {}));
    if (response === "reset") {
      return connectionError("ECONNRESET");
    }
    const { status, headers, json, text = "" } = fill(response);
    const there = Object.entries(headers).filter((header): header is [string, string] => header[1] !== null);
    return { status, headers: Object.fromEntries(there), body: json ?? text };
  };
}

function outcomeOf(credential: AppServiceMsiCredential, { scopes }: Call["call"]): Promise<unknown> {
  return credential.getToken(scopes).then(
    ({ token, expiresOnTimestamp }) => ({
      token: unfill(token),
      expiresOn: new Date(expiresOnTimestamp).toISOString().replace(".000Z", "Z"),
    }),
    (error: unknown) => error,
  );
}

/** What the endpoint said in its last answer: the message of an error has to tell it. */
function saidLast({ exchanges }: Call): string[] {
  const last = fill(exchanges.at(-1)?.response ?? "reset");
  const body = last !== "reset" && last.status >= 400 ? JSON.stringify(last.json ?? {}) : "{}";
  const { message, Message, correlationId, CorrelationId } = JSON.parse(body) as Record<string, string | undefined>;
  return [message, Message, correlationId, CorrelationId].filter((text) => text !== undefined);
}

describe("the credential", () => {
  it.for(labelled(readCalls()))("%s is asked for and understood so", async ([, transcript]) => {
    stopClocks(transcript.now);
    const env: Record<string, string | undefined> = { ...fill(transcript.env) };
    const origin = env["IDENTITY_ENDPOINT"] || env["MSI_ENDPOINT"];
    const acts = transcript.exchanges.flatMap((exchange) => Array<Act>(exchange.times).fill(actOf(exchange, env)));
    const endpoint = playEndpoint(acts, URL.canParse(origin ?? "") ? origin : undefined);
    const credential = new AppServiceMsiCredential({ ...transcript.call.options, env });

    const outcome = await inVirtualTime(outcomeOf(credential, transcript.call));

    expect(outcome).toMatchObject(transcript.outcome);
    expect(endpoint.requests.map(({ method, url, headers }) => canonical(method, url, headers))).toEqual(
      canonicalRequests(transcript),
    );
    expect(pausesTooLong(transcript, endpoint.requests)).toEqual([]);
    if (outcome instanceof Error) {
      for (const said of saidLast(transcript)) {
        expect(outcome.message).toContain(said);
      }
      expect(outcome.message).not.toContain(standIns["{secret}"]);
    }
  });
});

/** The requests that did not come when they should have, where a transcript lays it down. */
function pausesTooLong({ exchanges }: Call, requests: readonly { readonly at: number }[]): string[] {
  const laidDown = exchanges.flatMap(({ times, afterInMs }) => [afterInMs, ...Array<undefined>(times - 1)]);
  return laidDown.flatMap((afterInMs, index) => {
    const pause = (requests[index]?.at ?? 0) - (requests[index - 1]?.at ?? 0);
    return afterInMs === undefined || afterInMs === pause ? [] : [`request ${index + 1} after ${pause} ms`];
  });
}
