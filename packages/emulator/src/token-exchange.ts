import { formatExpiresOn } from "./expires-on.ts";
import type { Host } from "./hosts.ts";
import type { JournalEntry, RequestJournal } from "./journal.ts";
import { type Outcome, type Reply, respondJson } from "./outcome.ts";
import { toSafeText } from "./redaction.ts";
import type { Exchange } from "./server.ts";
import { answer, type Grant, readAsk, type Site, type TokenRequest } from "./token-endpoint.ts";
import type { IssuedToken, TokenSource } from "./tokens.ts";

/** Everything a token request meets. */
export interface Surroundings extends Site {
  readonly journal: RequestJournal;
  readonly now: number;
  readonly source: TokenSource;
}

/** Answers a request for a token, and writes it down. */
export async function answerToken(request: TokenRequest, surroundings: Surroundings): Promise<Exchange> {
  const startedAt = performance.now();
  const decision = isTokenPath(request, surroundings.host) ? answer(request, surroundings) : undefined;
  let reply: Reply;
  let token: IssuedToken | undefined;
  if (decision === undefined) {
    reply = notFound(surroundings.host);
  } else if (decision.kind === "deny") {
    reply = decision.reply;
  } else {
    token = await surroundings.source.issue(decision.identity, decision.resource, surroundings.now);
    reply = tokenReply(decision, token, surroundings.host);
  }
  const end = surroundings.journal.add({
    ...describe(request, surroundings),
    ...statusOf(reply),
    ...(decision?.kind === "deny" ? { refusal: decision.refusal } : {}),
    ...(token?.claims === undefined ? {} : { claims: token.claims }),
  });
  return { outcome: reply, done: () => end(Math.round(performance.now() - startedAt)) };
}

function isTokenPath(request: TokenRequest, host: Host): boolean {
  return normalize(request.url.split("?", 1)[0] ?? "") === normalize(host.path);
}

function normalize(path: string): string {
  return path.toLowerCase().replace(/\/$/, "");
}

function notFound(host: Host): Reply {
  const message = `Nothing is here. ${host.title} has its token endpoint at ${host.path}.`;
  return respondJson(404, { statusCode: 404, message });
}

/** The endpoint's answer with a token. */
export function tokenReply(grant: Grant, token: IssuedToken, host: Host): Reply {
  return respondJson(
    200,
    {
      access_token: token.token,
      expires_on: formatExpiresOn(host.apiVersions[grant.apiVersion]?.expiresOn ?? "epoch-string", token.expiresOn),
      resource: grant.resource,
      token_type: "Bearer",
      client_id: grant.identity.clientId,
    },
    host.headers,
  );
}

function statusOf(outcome: Outcome): { status?: number } {
  switch (outcome.kind) {
    case "respond":
      return { status: outcome.status };
    case "delay":
      return statusOf(outcome.then);
    case "drip":
    case "truncate":
      return { status: outcome.reply.status };
    default:
      return {};
  }
}

function describe(request: TokenRequest, { secret, now }: Surroundings): Omit<JournalEntry, "id"> {
  const safe = (text: string): string => toSafeText(text, secret.reveal());
  const { apiVersion, resource, identity } = readAsk(request);
  const userAgent = request.headers["user-agent"];
  return {
    time: now,
    method: request.method,
    path: safe(request.url.split("?", 1)[0] ?? ""),
    ...(apiVersion === undefined ? {} : { apiVersion: safe(apiVersion) }),
    ...(resource === undefined ? {} : { resource: safe(resource) }),
    identity: identity.kind === "systemAssigned" ? identity : { kind: identity.kind, id: safe(identity.id) },
    ...(userAgent === undefined ? {} : { userAgent: safe(userAgent) }),
  };
}
