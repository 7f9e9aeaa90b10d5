import { once } from "node:events";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { VerifyToken } from "@appservice-msi/example-protected-api";
import { errors, type JWTPayload } from "jose";
import type { Platform } from "../platform.ts";

/** A request of a caller whose token holds. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** What the service says. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** How a service differs from others. */
export interface HttpsServiceOptions {
  /** Checks the tokens of requests. */
  readonly verify: VerifyToken;
  readonly answer: (asked: Asked) => Reply | Promise<Reply>;
  /** The `WWW-Authenticate` of a refusal. Default: `Bearer`. */
  readonly challenge?: string;
  /** Where the token is in the `Authorization` header. Default: after `Bearer`. */
  readonly scheme?: RegExp;
  /** Paths that have other means of their own. */
  readonly open?: RegExp;
}

/** A service of Azure as far as its door: it knows who comes in. */
export interface HttpsService extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The claims of each token that was taken. */
  readonly callers: readonly JWTPayload[];
}

/** Starts a service on a free port of loopback that answers nothing without a token for its resource. */
export async function startHttpsService(platform: Platform, options: HttpsServiceOptions): Promise<HttpsService> {
  const { key, certificate: cert } = platform.certificate;
  const callers: JWTPayload[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    handle(request, options, callers).then(
      (reply) => send(response, reply),
      (error: Error) => send(response, { status: 500, body: { error: { code: "Broken", message: error.message } } }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    callers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(
  request: IncomingMessage,
  { answer, challenge = "Bearer", scheme = /^Bearer (?<token>\S+)$/, open, verify }: HttpsServiceOptions,
  callers: JWTPayload[],
): Promise<Reply> {
  const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
  const body = await text(request);
  if (open?.test(url.pathname) !== true) {
    const token = scheme.exec(request.headers.authorization ?? "")?.groups?.["token"] ?? "";
    try {
      callers.push(await verify(token));
    } catch (error) {
      const code = error instanceof errors.JOSEError ? error.code : "ERR_NO_TOKEN";
      return { status: 401, headers: { "www-authenticate": challenge }, body: { error: { code, message: "No." } } };
    }
  }
  return answer({ method: request.method ?? "GET", url, body });
}

function send(response: ServerResponse, { status = 200, headers, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body ?? {}));
}
