import { canonicalRequests } from "./canonical.ts";
import type { PeerResult } from "./peer.ts";
import type { Call } from "./transcript.ts";

/** MSAL reckons the life of a token from the first try: after a pause it takes it for that much shorter, which harms nobody. */
const toleranceInMs = 10_000;

/** In what the peer did something else than the transcript lays down, in words. Empty: in nothing. */
export function differences(transcript: Call, { requests, outcome }: PeerResult): string[] {
  if (transcript.call.options?.apiVersion !== undefined) {
    return ["has no such option"];
  }
  return [...requestDifference(canonicalRequests(transcript), requests), ...outcomeDifference(transcript, outcome)];
}

function requestDifference(expected: readonly string[], seen: readonly string[]): string[] {
  if (seen.length !== expected.length) {
    const elsewhere = seen.find((request) => request.startsWith("http"));
    return [`${count(seen.length)}${elsewhere === undefined ? "" : ` to \`${elsewhere.split("?", 1)[0]}\``}`];
  }
  const other = seen.find((request, index) => request !== expected[index]);
  return other === undefined ? [] : [`asks \`${other}\``];
}

function outcomeDifference({ now, outcome: expected }: Call, seen: PeerResult["outcome"]): string[] {
  if (seen === "waits for ever") {
    return ["waits for ever"];
  }
  if ("error" in seen) {
    // Of the names of its errors, the usual one is told above the table.
    const wanted = "code" in expected && seen.error === "CredentialUnavailableError";
    return wanted ? [] : [`\`${seen.error}\`: ${shortened(seen.message)}`];
  }
  if ("code" in expected) {
    return [`${nameOf(seen.token)}${expiry(seen.expiresOn, now)}`];
  }
  return [
    ...(seen.token === expected.token ? [] : [nameOf(seen.token)]),
    ...(isAbout(seen.expiresOn, expected.expiresOn) ? [] : [`a token${expiry(seen.expiresOn, now)}`]),
  ];
}

function isAbout(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) <= toleranceInMs;
}

/** The requests in a word. */
export function count(requests: number): string {
  return requests === 0 ? "no request" : requests === 1 ? "1 request" : `${requests} requests`;
}

function nameOf(token: string): string {
  const identity = /^\{token of (.*)\}$/.exec(token)?.[1];
  return identity === undefined ? "a token without content" : `the token of the ${identity} identity`;
}

function expiry(expiresOn: string, now: string): string {
  const left = Date.parse(expiresOn) - Date.parse(now);
  return left === 0 ? " that expires now" : left < 0 ? " that has expired" : ` until ${expiresOn}`;
}

/** What of an error's message says what is wrong. */
function shortened(message: string): string {
  const [, told] = /Description: (.*?)(?: - Correlation ID|\n|$)/.exec(message) ?? [];
  const text = told ?? message.replace(/^ManagedIdentityCredential: (?:Authentication failed\. Message )?/, "");
  return text
    .split(": See https:", 1)
    .join("")
    .replaceAll(/'http[^']*'/g, "…");
}
