import { once } from "node:events";
import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Emulator } from "@appservice-msi/emulator";
import type { Outcome } from "./outcome.ts";

/** A server that runs beside the emulator. */
export interface Beside {
  readonly url: string;
  /** What it saw. */
  seen(): Pick<Outcome, "proxy">;
  close(): void;
}

/** A forward proxy that counts what it is asked and looks for the secret of the identity endpoint. */
export async function startProxy({ env }: Emulator): Promise<Beside> {
  let requestCount = 0;
  let sawSecret = false;
  const look = ({ rawHeaders }: IncomingMessage): void => {
    requestCount += 1;
    sawSecret ||= rawHeaders.includes(env.IDENTITY_HEADER ?? "");
  };
  const server = await listen((request, response) => {
    look(request);
    forward(request, response);
  });
  // No tunnels: plain HTTP, which is all the endpoint speaks, needs none.
  server.on("connect", (request, socket) => {
    look(request);
    socket.end("HTTP/1.1 405 Method Not Allowed\r\n\r\n");
  });
  return besideOf(server, () => ({ proxy: { requestCount, sawSecret } }));
}

/**
 * The identity endpoint of a virtual machine: tokens as the emulator makes them, at the path and with the parameters of the Azure
 * Instance Metadata Service. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function startImds({ env }: Emulator): Promise<Beside> {
  const server = await listen((request, response) => {
    void answerAsImds(request, env).then(({ status, body }) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  });
  return besideOf(server, () => ({}));
}

async function answerAsImds(
  { url = "", headers }: IncomingMessage,
  env: Emulator["env"],
): Promise<{ status: number; body: object }> {
  const { pathname, searchParams } = new URL(url, "http://imds");
  if (!/^\/metadata\/identity\/oauth2\/token\/?$/.test(pathname) || headers["metadata"] !== "true") {
    return { status: 400, body: { error: "invalid_request" } };
  }
  searchParams.set("api-version", "2019-08-01");
  const answer = await fetch(`${env.IDENTITY_ENDPOINT}?${searchParams.toString()}`, {
    headers: { "X-IDENTITY-HEADER": env.IDENTITY_HEADER ?? "" },
  });
  return { status: answer.status, body: (await answer.json()) as object };
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const onward = requestHttp(request.url ?? "", { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  request.pipe(onward);
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function besideOf(server: Awaited<ReturnType<typeof listen>>, seen: Beside["seen"]): Beside {
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
