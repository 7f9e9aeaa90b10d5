import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Outcome, Reply } from "./outcome.ts";

/** What is to happen to a request, and whom to tell when it has happened. */
export interface Exchange {
  readonly outcome: Outcome;
  /** Called once: just before the last byte is sent, or when the connection is gone. */
  readonly done?: () => void;
}

/** Decides on a request. */
export type Handler = (request: IncomingMessage) => Exchange | Promise<Exchange>;

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Stops listening and ends every connection, answered or not. */
  close(): Promise<void>;
}

/** The only address the emulator listens on: it hands out tokens, so nobody else on the network may reach it. */
export const loopback = "127.0.0.1";

/** The pieces of a body that is sent slowly. */
const dripPieces = 10;

/** Listens on the loopback address and performs what the handler decides. */
export async function listen(handler: Handler, port: number): Promise<Listener> {
  const server = createServer((request, response) => void serve(handler, request, response));
  await startListening(server, port);
  return { port: portOf(server), close: () => stopListening(server) };
}

function startListening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(explain(cause, port)));
    server.listen(port, loopback, resolve);
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
    // Only a mistake of the emulator's own comes here: say so rather than leave the caller waiting.
    process.emitWarning(error instanceof Error ? error : String(error));
    response.destroy();
  }
}

async function perform(outcome: Outcome, response: ServerResponse, finish: () => void): Promise<void> {
  switch (outcome.kind) {
    case "respond":
      writeHead(outcome, response);
      finish();
      response.end(outcome.body);
      return;
    case "delay":
      if (await wait(outcome.delayInMs, response)) {
        await perform(outcome.then, response, finish);
      }
      return;
    case "drip":
      await drip(outcome.reply, outcome.durationInMs, response, finish);
      return;
    case "truncate":
      writeHead(outcome.reply, response);
      response.write(outcome.reply.body.slice(0, outcome.reply.body.length / 2), () => {
        finish();
        response.destroy();
      });
      return;
    case "reset":
      finish();
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      return;
  }
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
