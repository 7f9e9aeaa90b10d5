import { createServer, type Server } from "node:http";
import { type Handler, serve } from "./server.ts";

/** The only address the emulator listens on: it hands out tokens, so nobody else on the network may reach it. */
export const loopback = "127.0.0.1";

/** A port of the loopback address, with requests from it being served. */
export class Listener {
  readonly #server: Server;
  #port: number;
  /** Whether to listen; what is so may lag behind, since opening a port takes a moment. */
  #wanted = false;
  #opening: Promise<void> | undefined;

  constructor(handler: Handler, port: number) {
    this.#server = createServer((request, response) => void serve(handler, request, response));
    this.#port = port;
  }

  /** The port; 0 until the first `open()`, if it is to be a free one. */
  get port(): number {
    return this.#port;
  }

  /**
   * Listens, on the same port each time.
   *
   * @throws Error when the port cannot be had.
   */
  async open(): Promise<void> {
    this.#wanted = true;
    if (!this.#server.listening) {
      this.#opening ??= this.#listen();
      await this.#opening;
    }
  }

  /** Stops listening: whoever connects is refused. Requests in progress go on, idle connections end. */
  pause(): void {
    this.#wanted = false;
    if (this.#server.listening) {
      this.#server.close();
    }
  }

  /** Stops listening and ends every connection, answered or not. */
  async close(): Promise<void> {
    this.#wanted = false;
    await this.#opening?.catch(() => {});
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(this.#port, loopback, () => {
          this.#server.off("error", reject);
          resolve();
        });
      });
    } catch (error) {
      throw explain(error, this.#port);
    } finally {
      this.#opening = undefined;
    }
    const address = this.#server.address();
    this.#port = typeof address === "object" && address !== null ? address.port : this.#port;
    if (!this.#wanted) {
      this.pause();
    }
  }
}

function explain(cause: unknown, port: number): Error {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const advice = {
    EADDRINUSE: `port ${port} is in use: stop what listens there, or leave out "port" to get a free one`,
    EACCES: `port ${port} may not be used by this user: choose one above 1023, or leave out "port"`,
  };
  const message =
    code === "EADDRINUSE" || code === "EACCES"
      ? advice[code]
      : `cannot listen on ${loopback}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new Error(message, { cause });
}
