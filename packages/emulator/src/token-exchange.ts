import type { ArmedFaults, MetFault } from "./armed-faults.ts";
import { formatExpiresOn } from "./expires-on.ts";
import type { Host, TokenField } from "./hosts.ts";
import { type Identity, listIdentities, stranger } from "./identities.ts";
import type { JournalEntry, RequestJournal, TokenOrigin } from "./journal.ts";
import { type Outcome, type Reply, replyOf, respondJson, withHeaders } from "./outcome.ts";
import { toSafeText } from "./redaction.ts";
import type { Exchange } from "./server.ts";
import { refuse, replyWithError } from "./refusals.ts";
import { answer, type Grant, type Site } from "./token-endpoint.ts";
import { type Ask, pathOf, readAsk, type TokenRequest } from "./token-request.ts";
import { type IssuedToken, NoTokenError, type TokenSource } from "./tokens.ts";

/** What the answers to token requests draw on. */
export interface Surroundings {
  /** The app as it is now; another one after the secret was rotated. */
  site(): Site;
  rotateSecret(): void;
  readonly faults: ArmedFaults;
  readonly journal: RequestJournal;
  readonly source: TokenSource;
  readonly tokensFrom: TokenOrigin;
  now(): number;
}

/** An outcome, and what the journal is to know of it. */
interface Answered {
  readonly outcome: Outcome;
  readonly facts: Pick<JournalEntry, "status" | "refusal" | "claims" | "tokensFrom" | "fault" | "failure">;
}

/** Answers a request for a token, with or without a fault, and writes it down. */
export async function exchangeToken(request: TokenRequest, surroundings: Surroundings): Promise<Exchange> {
  const arrival = performance.now();
  const time = surroundings.now();
  const { host } = surroundings.site();
  const ask = readAsk(request);
  const { outcome, facts } = isTokenPath(request, host)
    ? await answerAt(time, request, ask, surroundings)
    : answered(notFound(host), {});
  const secret = surroundings.site().secret.reveal();
  const end = surroundings.journal.add({ time, ...describe(request, ask, secret), ...facts });
  // By the emulator's clock, since clients may reckon with it.
  const date = new Date(time).toUTCString();
  return { outcome: withHeaders(outcome, { date }), done: () => end(Math.round(performance.now() - arrival)) };
}

async function answerAt(time: number, request: TokenRequest, ask: Ask, surroundings: Surroundings): Promise<Answered> {
  const first = answer(request, surroundings.site());
  const fault = surroundings.faults.meet(ask, first.kind === "grant" ? first.identity : undefined);
  const named = fault === undefined ? {} : { fault: fault.name };
  if (fault?.effect.rotatesSecret) {
    surroundings.rotateSecret();
  }
  const site = surroundings.site();
  const instead = fault && insteadOfAnswer(fault, request, site);
  if (instead) {
    return answered(instead, named);
  }
  const decision = fault?.effect.rotatesSecret ? answer(request, site) : first;
  const deliver = (reply: Reply): Outcome => fault?.effect.delivery?.(reply, fault.values) ?? reply;
  if (decision.kind === "deny") {
    return answered(deliver(decision.reply), { ...named, refusal: decision.refusal });
  }
  try {
    const { reply, claims } = await grantToken(decision, fault, site, time, surroundings.source);
    const { tokensFrom } = surroundings;
    return answered(deliver(reply), { ...named, tokensFrom, ...(claims === undefined ? {} : { claims }) });
  } catch (error) {
    if (error instanceof NoTokenError) {
      return answered(replyWithError(400, error.message, request, site.host), { ...named, failure: error.message });
    }
    throw error;
  }
}

function insteadOfAnswer({ effect, values }: MetFault, request: TokenRequest, site: Site): Outcome | undefined {
  if (effect.refusal !== undefined) {
    return refuse(effect.refusal, request, site.host);
  }
  return effect.instead?.(values, (status, headers) => replyWithError(status, undefined, request, site.host, headers));
}

/** Gets the token that is due, and writes the answer with it. */
async function grantToken(
  grant: Grant,
  fault: MetFault | undefined,
  site: Site,
  time: number,
  source: TokenSource,
): Promise<{ reply: Reply; claims?: JournalEntry["claims"] }> {
  const identity = fault?.effect.otherIdentity ? otherThan(grant, site) : grant.identity;
  const token = await source.issue(identity, grant.resource, time, fault?.effect.expiresOn?.(fault.values, time));
  const { answers } = grant;
  const body = tokenBody(grant, identity, token, time);
  const written = fault?.effect.body?.(body, fault.values, token.expiresOn) ?? body;
  const typed = answers.contentType === undefined ? {} : { "content-type": answers.contentType };
  const headers = { ...typed, ...site.host.headers };
  const reply: Reply = { kind: "respond", status: 200, headers, body: JSON.stringify(written) };
  return {
    reply: fault?.effect.reply?.(reply) ?? reply,
    ...(token.claims === undefined ? {} : { claims: token.claims }),
  };
}

function tokenBody(
  { answers, resource }: Grant,
  { clientId }: Identity,
  token: IssuedToken,
  time: number,
): Record<string, unknown> {
  const values: Readonly<Record<TokenField, string | number>> = {
    access_token: token.token,
    expires_in: Math.max(0, Math.floor((token.expiresOn - time) / 1000)),
    expires_on: formatExpiresOn(answers.expiresOn, token.expiresOn),
    resource,
    token_type: "Bearer",
    client_id: clientId,
  };
  return Object.fromEntries(answers.fields.map((name) => [name, values[name]]));
}

function otherThan({ identity }: Grant, { identities }: Site): Grant["identity"] {
  return listIdentities(identities).find((other) => other.clientId !== identity.clientId) ?? stranger;
}

function answered(outcome: Outcome, facts: Omit<Answered["facts"], "status">): Answered {
  const reply = replyOf(outcome);
  return { outcome, facts: reply === undefined ? facts : { status: reply.status, ...facts } };
}

function isTokenPath(request: TokenRequest, host: Host): boolean {
  return normalize(pathOf(request)) === normalize(host.path);
}

function normalize(path: string): string {
  return path.toLowerCase().replace(/\/$/, "");
}

function notFound(host: Host): Reply {
  const message = `Nothing is here. ${host.title} has its token endpoint at ${host.path}.`;
  return respondJson(404, { statusCode: 404, message });
}

function describe(request: TokenRequest, ask: Ask, secret: string): Omit<JournalEntry, "id" | "time"> {
  const safe = (text: string): string => toSafeText(text, secret);
  const { apiVersion, resource, identity } = ask;
  const userAgent = request.headers["user-agent"];
  return {
    method: request.method,
    path: safe(pathOf(request)),
    ...(apiVersion === undefined ? {} : { apiVersion: safe(apiVersion) }),
    ...(resource === undefined ? {} : { resource: safe(resource) }),
    identity: identity.kind === "systemAssigned" ? identity : { kind: identity.kind, id: safe(identity.id) },
    ...(userAgent === undefined ? {} : { userAgent: safe(userAgent) }),
  };
}
