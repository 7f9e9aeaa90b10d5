import { unfill } from "./stand-ins.ts";
import type { Transcript } from "./transcript.ts";

/** The headers that carry a secret: which of them is there, and with what, is part of a request. */
const secretHeaders = ["x-identity-header", "secret"];

/** What of a request is laid down, in one line: method, path, parameters in a fixed order, headers that carry a secret. */
export function canonical(method: string, url: string, headers: Readonly<Record<string, string>>): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).toSorted();
  const carried = secretHeaders
    .filter((name) => headers[name] !== undefined)
    .map((name) => `${name}: ${headers[name]}`);
  return unfill([method, `${pathname}?${query.join("&")}`, ...carried].join(" "));
}

/** The requests of a transcript, so. */
export function canonicalRequests({ exchanges }: Transcript): string[] {
  return exchanges.flatMap(({ request: { method, path, query, headers }, times }) => {
    const line = canonical(method, `${path}?${new URLSearchParams(query).toString()}`, headers);
    return Array<string>(times).fill(line);
  });
}
