import { Agent, type IncomingMessage, request as requestHttp } from "node:http";
import { text } from "node:stream/consumers";
import { controlPath } from "./control.ts";

/** Calls the control API of an emulator that may run anywhere on this machine. */
export class ControlClient {
  readonly #base: URL;
  readonly #key: string;
  // An agent of its own: the global one may send everything, the key included, through a proxy.
  readonly #agent = new Agent({ keepAlive: false });
  readonly #streams = new Set<IncomingMessage>();

  constructor(url: URL, key: string) {
    this.#base = new URL(controlPath, url);
    this.#key = key;
  }

  /**
   * One call. The answer's JSON is taken to be what the caller says.
   *
   * @throws TypeError for a value that the emulator refuses; Error for everything else.
   */
  async call<Answer>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer> {
    const response = await this.#send(method, path, body);
    const answer = await text(response);
    const { statusCode = 0 } = response;
    if (statusCode < 300) {
      return JSON.parse(answer || "null");
    }
    throw this.#explain(statusCode, answer);
  }

  /** Calls `onEvent` for every event from now on. Returns how to stop it. */
  async listen(onEvent: (name: string, data: string) => void, onEnd: () => void = () => {}): Promise<() => void> {
    const stream = await this.#send("GET", "events");
    if (stream.statusCode !== 200) {
      throw this.#explain(stream.statusCode ?? 0, await text(stream));
    }
    this.#streams.add(stream);
    void this.#follow(stream, onEvent, onEnd);
    return () => void stream.destroy();
  }

  /** Ends every stream of events. */
  close(): void {
    for (const stream of this.#streams) {
      stream.destroy();
    }
    this.#agent.destroy();
  }

  #send(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const url = new URL(path, this.#base);
    const headers = {
      authorization: `Bearer ${this.#key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    return new Promise((resolve, reject) => {
      requestHttp(url, { method, headers, agent: this.#agent }, resolve)
        .on("error", (cause) =>
          reject(new Error(`no emulator answers at ${this.#base.origin}: ${cause.message}`, { cause })),
        )
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async #follow(
    stream: IncomingMessage,
    onEvent: (name: string, data: string) => void,
    onEnd: () => void,
  ): Promise<void> {
    await readEvents(stream, onEvent);
    this.#streams.delete(stream);
    onEnd();
  }

  #explain(statusCode: number, body: string): Error {
    const { code, message } = readError(body);
    if (code === "BadValue") {
      return new TypeError(message);
    }
    return new Error(`the emulator at ${this.#base.origin} answered ${statusCode}: ${message ?? "it is no emulator"}`);
  }
}

function readError(body: string): { code?: string; message?: string } {
  try {
    return { ...JSON.parse(body)?.error };
  } catch {
    return {};
  }
}

/** Reads server-sent events, each of one `event:` and one `data:` line, until the stream ends, however it ends. */
async function readEvents(stream: IncomingMessage, onEvent: (name: string, data: string) => void): Promise<void> {
  let rest = "";
  try {
    for await (const chunk of stream.setEncoding("utf8")) {
      const events = `${rest}${chunk}`.split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
        if (name !== undefined && data !== undefined) {
          onEvent(name, data);
        }
      }
    }
  } catch {
    // The connection is gone: that ends the stream, and is no news to who ended it.
  }
}
