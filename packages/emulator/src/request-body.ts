import type { IncomingMessage } from "node:http";

/** The longest body that is read. Nothing the control API takes comes near it. */
const longestBodyInBytes = 16 * 1024;

/** Reads a request's body; `undefined` when it is too long, or breaks off. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestBodyInBytes) {
        return undefined;
      }
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}
