import type { IncomingMessage, ServerResponse } from "node:http";
import type { Outcome, Reply } from "./outcome.ts";

/** What is to happen to a request, and whom to tell when it has happened. */
export interface Exchange {
  readonly outcome: Outcome;
  /** Called once: just before the last byte is sent, or when the connection is gone. */
  readonly done?: () => void;
}

/** Decides on a request. */
export type Handler = (request: IncomingMessage) => Promise<Exchange>;

/** The pieces of a body that is sent slowly. */
const dripPieces = 10;

/** An event stream says something at least so often, so that a dead connection is noticed. */
const heartbeatInMs = 15_000;

/** A reader of an event stream that has fallen so far behind is cut off. */
const longestBacklogInBytes = 1024 * 1024;

/** Has a request decided on, and performs what was decided. */
export async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { outcome, done } = await handler(request);
    const finish = once(done ?? (() => {}));
    response.once("close", finish);
    if (response.closed) {
      finish();
    }
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
