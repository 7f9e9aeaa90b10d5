import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { control, type Controlled, controlPath } from "./control.ts";
import { answerPage } from "./dashboard.ts";
import { refuseForeign } from "./gate.ts";
import { answerOpenId } from "./openid.ts";
import { type Outcome, respondError, withHeaders } from "./outcome.ts";
import { readBody } from "./request-body.ts";
import type { Exchange } from "./server.ts";
import { exchangeToken, type Surroundings } from "./token-exchange.ts";
import type { TokenIssuer } from "./tokens.ts";

/** Everything there is to be reached. */
interface Places {
  readonly port: number;
  readonly tenantId: string;
  readonly issuer: TokenIssuer;
  readonly controlled: Controlled;
  readonly tokens: Surroundings;
}

/** Brings a request to where it belongs. */
export async function route(request: IncomingMessage, places: Places): Promise<Exchange> {
  const { method = "", url = "", headers } = request;
  const foreign = refuseForeign(headers, places.port);
  if (foreign) {
    return { outcome: foreign };
  }
  if (!url.startsWith("/")) {
    return { outcome: respondError(400, "BadTarget", "Ask for a path; this is no proxy.") };
  }
  const origin = `http://${headers.host}`;
  const [path, query] = splitOnce(url, "?");
  if (`${path}/` === controlPath || path.startsWith(controlPath)) {
    return { outcome: await enterControl(request, path, new URLSearchParams(query), places.controlled) };
  }
  const openId = method === "GET" ? await answerOpenId(path, origin, places.tenantId, places.issuer) : undefined;
  return openId
    ? { outcome: openId }
    : exchangeToken({ method, url, origin, headers, correlationId: randomUUID() }, places.tokens);
}

async function enterControl(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  controlled: Controlled,
): Promise<Outcome> {
  const { method = "", headers } = request;
  if (path.length < controlPath.length) {
    return { kind: "respond", status: 308, headers: { location: controlPath }, body: "" };
  }
  const rest = path.slice(controlPath.length);
  const page = method === "GET" ? await answerPage(rest) : undefined;
  if (page) {
    return page;
  }
  const outcome = await control({ method, path: rest, query, headers, body: await readBody(request) }, controlled);
  return withHeaders(outcome, { "cache-control": "no-store", "x-content-type-options": "nosniff" });
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)];
}
