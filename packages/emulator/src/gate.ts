import type { IncomingHttpHeaders } from "node:http";
import { type Reply, respondError } from "./outcome.ts";

/**
 * Names under which this machine reaches itself. A web page whose name was pointed at 127.0.0.1 sends its own name as
 * `Host`, and is turned away. `host.docker.internal` is what a container under Docker Desktop calls the machine.
 */
const ownNames = ["127.0.0.1", "localhost", "host.docker.internal"];

/** Turns away what was not meant for this machine, or comes from a web page of somewhere else. */
export function refuseForeign(headers: IncomingHttpHeaders, port: number): Reply | undefined {
  const hosts = ownNames.map((name) => `${name}:${port}`);
  const host = headers.host?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    return respondError(403, "ForeignHost", "The Host header names another machine.");
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return respondError(403, "ForeignOrigin", "Pages of other sites may not ask.");
  }
  return undefined;
}
