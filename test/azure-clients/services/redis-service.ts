// https://redis.io/docs/latest/develop/reference/protocol-spec/
import { TLSSocket } from "node:tls";
import type { VerifyToken } from "@appservice-msi/example-protected-api";
import type { JWTPayload } from "jose";
import type { Platform } from "../platform.ts";
import { Bytes } from "./bytes.ts";
import { type SocketService, startSocketService } from "./socket-service.ts";

/** Starts a Redis that takes an identity's object id for a user name and its token for a password, and knows PING. */
export function startRedisService(platform: Platform, verify: VerifyToken): Promise<SocketService> {
  const { key, certificate: cert } = platform.certificate;
  return startSocketService(async (socket, admit) => {
    const secure = new TLSSocket(socket, { isServer: true, key, cert });
    secure.on("error", () => secure.destroy());
    const bytes = new Bytes(secure);
    let caller: JWTPayload | undefined;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const command = await readCommand(bytes);
      if (command === undefined) {
        return;
      }
      const credentials = credentialsIn(command);
      if (credentials) {
        // oxlint-disable-next-line no-await-in-loop -- one after another
        const claims = await verify(credentials.password).catch(() => undefined);
        caller = claims?.["oid"] === credentials.user ? claims : undefined;
        if (caller) {
          admit(caller);
        }
      }
      secure.write(caller ? answer(command) : "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    }
  });
}

/** A command is an array of texts that tell their lengths. */
async function readCommand(bytes: Bytes): Promise<string[] | undefined> {
  const head = await bytes.takeLine();
  if (head === undefined) {
    return undefined;
  }
  const words: string[] = [];
  for (let count = Number(head.slice(1)); count > 0; count -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const length = Number((await bytes.takeLine())?.slice(1));
    // oxlint-disable-next-line no-await-in-loop -- one after another
    words.push((await bytes.take(length + 2))?.toString().trimEnd() ?? "");
  }
  return words;
}

/** They come in AUTH, or in the HELLO that begins a connection. */
function credentialsIn(command: readonly string[]): { user: string; password: string } | undefined {
  const at = command.findIndex((word) => word.toUpperCase() === "AUTH");
  const [user, password] = at === -1 ? [] : command.slice(at + 1);
  return user !== undefined && password !== undefined ? { user, password } : undefined;
}

function answer([name = ""]: readonly string[]): string {
  switch (name.toUpperCase()) {
    case "HELLO":
      return "%1\r\n$5\r\nproto\r\n:3\r\n";
    case "PING":
      return "+PONG\r\n";
    default:
      return "+OK\r\n";
  }
}
