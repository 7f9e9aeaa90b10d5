/** A complete HTTP answer. */
export interface Reply {
  readonly kind: "respond";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is to happen to a request, as data: decided by pure functions, performed by `server.ts` and nothing else. */
export type Outcome =
  | Reply
  /** Nothing at all for a while, then the rest. */
  | { readonly kind: "delay"; readonly delayInMs: number; readonly then: Outcome }
  /** Status and headers at once, the body spread evenly over a while. */
  | { readonly kind: "drip"; readonly durationInMs: number; readonly reply: Reply }
  /** All headers (the full `Content-Length` among them), half of the body, then a closed connection. */
  | { readonly kind: "truncate"; readonly reply: Reply }
  /** No answer, ever; the connection stays open until one side gives up. */
  | { readonly kind: "hang" }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset" };

/** A reply with a JSON body. */
export function respondJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    kind: "respond",
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}
