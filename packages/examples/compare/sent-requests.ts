import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import type { SentRequest } from "./outcome.ts";

/** Requests to the emulator's own control API are this program's, not the credential's. */
const controlPath = "/_emulator/";

/** More are counted, but not described. */
const described = 12;

/** Writes down every HTTP request that leaves this process, wherever it goes: a refused connection counts too. */
export class SentRequests {
  #sent: { readonly time: number; readonly request: ClientRequest }[] = [];

  constructor() {
    subscribe("http.client.request.start", (message) => {
      const { request } = message as { request: ClientRequest };
      if (!request.path.includes(controlPath)) {
        this.#sent.push({ time: performance.now(), request });
      }
    });
  }

  /** Those since `start`, on the clock of `performance.now()`. */
  since(start: number): { requestCount: number; requests: SentRequest[] } {
    const sent = this.#sent.filter(({ time }) => time >= start);
    return { requestCount: sent.length, requests: sent.slice(0, described).map((entry) => describe(entry, start)) };
  }
}

function describe({ time, request }: { time: number; request: ClientRequest }, start: number): SentRequest {
  const { method, host, path } = request;
  const to = String(request.getHeader("host") ?? host);
  return { atInMs: Math.round(time - start), method, to, path, headers: request.getRawHeaderNames() };
}
