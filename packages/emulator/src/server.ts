import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Outcome, Reply } from "./outcome.ts";

/** What is to happen to a request, and whom to tell when it has happened. */
export interface Exchange {
  readonly outcome: Outcome;
  /** Called once: just before the last byte is sent, or when the connection is gone. */
  readonly done?: () => void;
}

/** Decides on a request. */
export type Handler = (request: IncomingMessage) => Promise<Exchange>;

/** A server on the loopback address. */
export interface Listener {
  readonly port: number;
  /** Stops listening: whoever connects is refused. Connections with a request in progress stay. */
  pause(): void;
  /** Listens again, on the same port. */
  resume(): void;
  /** Stops listening and ends every connection, answered or not. */
  close(): Promise<void>;
}

/** The only address the emulator listens on: it hands out tokens, so nobody else on the network may reach it. */
export const loopback = "127.0.0.1";

/** The pieces of a body that is sent slowly. */
const dripPieces = 10;

/** An event stream says something at least so often, so that a dead connection is noticed. */
const heartbeatInMs = 15_000;

/** A reader of an event stream that has fallen so far behind is cut off. */
const longestBacklogInBytes = 1024 * 1024;

/** Listens on the loopback address and performs what the handler decides. */
export async function listen(handler: Handler, port: number): Promise<Listener> {
  const server = createServer((request, response) => void serve(handler, request, response));
  await startListening(server, port);
  const ownPort = portOf(server);
  return {
    port: ownPort,
    pause: () => void server.close(),
    resume: () => {
      startListening(server, ownPort).catch((error: unknown) => process.emitWarning(String(error)));
    },
    close: () => stopListening(server),
  };
}

function startListening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => reject(explain(cause, port));
    server.once("error", onError);
    server.listen(port, loopback, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function explain(cause: NodeJS.ErrnoException, port: number): Error {
  switch (cause.code) {
    case "EADDRINUSE":
      return new Error(`port ${port} is in use: stop what listens there, or leave out "port" to get a free one`, {
        cause,
      });
    case "EACCES":
      return new Error(`port ${port} may not be used by this user: choose one above 1023, or leave out "port"`, {
        cause,
      });
    default:
      return new Error(`cannot listen on ${loopback}:${port}: ${cause.message}`, { cause });
  }
}

async function stopListening(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { outcome, done } = await handler(request);
    const finish = once(done ?? (() => {}));
    response.once("close", finish);
    await perform(outcome, response, finish);
  } catch (error) {
    // Only a mistake in the emulator itself ends here: better a warning and a lost connection than a wrong answer.
    process.emitWarning(error instanceof Error ? error : String(error));
    response.destroy();
  }
}

async function perform(outcome: Outcome, response: ServerResponse, finish: () => void): Promise<void> {
  switch (outcome.kind) {
    case "respond":
      send(outcome, response, finish);
      break;
    case "delay":
      if (await wait(outcome.delayInMs, response)) {
        send(outcome.reply, response, finish);
      }
      break;
    case "drip":
      await drip(outcome.reply, outcome.durationInMs, response, finish);
      break;
    case "truncate":
      truncate(outcome.reply, response, finish);
      break;
    case "reset":
      finish();
      response.socket?.resetAndDestroy();
      break;
    case "events":
      streamEvents(outcome, response);
      break;
    case "hang":
      break;
  }
}

function send(reply: Reply, response: ServerResponse, finish: () => void): void {
  writeHead(reply, response);
  finish();
  response.end(reply.body);
}

function writeHead({ status, headers, body }: Reply, response: ServerResponse): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
}

async function drip(reply: Reply, durationInMs: number, response: ServerResponse, finish: () => void): Promise<void> {
  const size = Math.ceil(reply.body.length / dripPieces);
  writeHead(reply, response);
  response.flushHeaders();
  for (let start = 0; start < reply.body.length; start += size) {
    // oxlint-disable-next-line no-await-in-loop -- piece after piece is the point
    if (!(await wait(durationInMs / dripPieces, response))) {
      return;
    }
    response.write(reply.body.slice(start, start + size));
  }
  finish();
  response.end();
}

function truncate(reply: Reply, response: ServerResponse, finish: () => void): void {
  writeHead(reply, response);
  response.flushHeaders();
  response.write(reply.body.slice(0, reply.body.length / 2), () => {
    finish();
    response.destroy();
  });
}

function streamEvents({ open }: Extract<Outcome, { kind: "events" }>, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > longestBacklogInBytes) {
      response.destroy();
    } else {
      response.write(text);
    }
  };
  const heartbeat = setInterval(() => write(": still here\n\n"), heartbeatInMs);
  const stop = open((name, data) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  response.once("close", () => {
    clearInterval(heartbeat);
    stop();
  });
}

/** Waits, and tells whether the caller is still there. */
function wait(delayInMs: number, response: ServerResponse): Promise<boolean> {
  if (response.destroyed) {
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    const onClose = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      response.off("close", onClose);
      resolve(true);
    }, delayInMs);
    response.once("close", onClose);
  });
}

function once(action: () => void): () => void {
  let pending = true;
  return () => {
    if (pending) {
      pending = false;
      action();
    }
  };
}
