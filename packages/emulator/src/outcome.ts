/** A complete HTTP answer. */
export interface Reply {
  readonly kind: "respond";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is to happen to a request, as data: decided by functions without effects, performed by `server.ts` alone. */
export type Outcome =
  | Reply
  /** Nothing at all for a while, then the reply. */
  | { readonly kind: "delay"; readonly delayInMs: number; readonly reply: Reply }
  /** Status and headers at once, the body spread evenly over a while. */
  | { readonly kind: "drip"; readonly durationInMs: number; readonly reply: Reply }
  /** All headers, the full `Content-Length` among them, half of the body, then a closed connection. */
  | { readonly kind: "truncate"; readonly reply: Reply }
  /** Nothing, ever; the connection stays open until one side gives up. */
  | { readonly kind: "hang" }
  /** The connection is reset. */
  | { readonly kind: "reset" }
  /** Server-sent events, until one side gives up. `open` is handed how to send, and returns how to stop. */
  | { readonly kind: "events"; readonly open: (send: (name: string, data: unknown) => void) => () => void };

/** A reply with a JSON body. */
export function respondJson(status: number, body: unknown, headers: Reply["headers"] = {}): Reply {
  return {
    kind: "respond",
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** A reply that says in JSON what is wrong, for the emulator's own pages; the hosts have words of their own. */
export function respondError(status: number, code: string, message: string, headers: Reply["headers"] = {}): Reply {
  return respondJson(status, { error: { code, message } }, headers);
}

/** The reply within an outcome, if it has one. */
export function replyOf(outcome: Outcome): Reply | undefined {
  return outcome.kind === "respond" ? outcome : "reply" in outcome ? outcome.reply : undefined;
}

/** The same outcome with more headers on its reply. */
export function withHeaders(outcome: Outcome, headers: Reply["headers"]): Outcome {
  if (outcome.kind === "respond") {
    return { ...outcome, headers: { ...outcome.headers, ...headers } };
  }
  return "reply" in outcome
    ? { ...outcome, reply: { ...outcome.reply, headers: { ...outcome.reply.headers, ...headers } } }
    : outcome;
}
