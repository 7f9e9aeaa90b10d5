import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import net from "node:net";
import type { JWTPayload } from "jose";

/** A server of a protocol of its own, on loopback. */
export interface SocketService extends AsyncDisposable {
  readonly port: number;
  /** The claims of each token that was taken. */
  readonly callers: readonly JWTPayload[];
}

/** Serves each connection, and notes whom the conversation lets in. A conversation that fails ends its connection. */
export async function startSocketService(
  converse: (socket: Socket, admit: (caller: JWTPayload) => void) => Promise<void>,
): Promise<SocketService> {
  const callers: JWTPayload[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    converse(socket, (caller) => callers.push(caller)).then(
      () => socket.end(),
      (error: Error) => socket.destroy(error),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    callers,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
