import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { canarySecret, canaryToken } from "../canaries.ts";

/** What an endpoint that means harm, or is broken, does with a connection once it has read a request. */
export type Attack = (socket: net.Socket) => void;

const megabyte = 1024 * 1024;
const good = JSON.stringify({ access_token: canaryToken, expires_in: 86_400, token_type: "Bearer" });

function response(body: string | Buffer, ...headers: string[]): string {
  return ["HTTP/1.1 200 OK", `content-length: ${Buffer.byteLength(body)}`, ...headers, "", body].join("\r\n");
}

/** Writes for as long as the other side reads. */
function flood(socket: net.Socket, piece: string | Buffer, times = Infinity): void {
  let left = times;
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(piece)) {
        socket.once("drain", more);
        return;
      }
    }
    socket.end();
  };
  more();
}

/** Writes a byte now and then. */
function drip(socket: net.Socket, text: string, everyInMs: number): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), everyInMs);
  socket.once("close", () => clearInterval(timer));
}

function say(...parts: (string | Buffer)[]): Attack {
  return (socket) => {
    parts.forEach((part) => socket.write(part));
    socket.end();
  };
}

/** 64 times 16 MB of blanks: some of the members of a gzip file, which stand one after another. */
function bomb(): Buffer {
  return Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16 * megabyte, " "))));
}

/** Each with the ways in which a call may end that meets nothing else. */
export const attacks: Readonly<Record<string, { readonly attack: Attack; readonly ends: readonly string[] }>> = {
  silence: { attack: () => {}, ends: ["TIMEOUT"] },
  "slow loris in the headers": { attack: (s) => drip(s, "HTTP/1.1 200 OK\r\nx: ", 20), ends: ["TIMEOUT"] },
  "slow loris in the body": {
    attack: (s) => {
      s.write("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n");
      drip(s, good, 20);
    },
    ends: ["TIMEOUT"],
  },
  "a body without end": {
    attack: (s) => {
      s.write("HTTP/1.1 200 OK\r\n\r\n");
      flood(s, Buffer.alloc(64 * 1024, "{"));
    },
    ends: ["INVALID_RESPONSE"],
  },
  "a chunked body without end": {
    attack: (s) => {
      s.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      flood(s, `${(64 * 1024).toString(16)}\r\n${"x".repeat(64 * 1024)}\r\n`);
    },
    ends: ["INVALID_RESPONSE"],
  },
  "100 MB": {
    attack: (s) => {
      s.write(`HTTP/1.1 200 OK\r\ncontent-length: ${100 * megabyte}\r\n\r\n`);
      flood(s, Buffer.alloc(megabyte, " "), 100);
    },
    ends: ["INVALID_RESPONSE"],
  },
  "100 MB as a refusal": {
    attack: (s) => {
      s.write(`HTTP/1.1 400 Bad Request\r\ncontent-length: ${100 * megabyte}\r\n\r\n`);
      flood(s, Buffer.alloc(megabyte, " "), 100);
    },
    ends: ["INVALID_RESPONSE"],
  },
  "a gzip bomb of 1 GB": {
    attack: say(
      "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n",
      bomb(),
    ),
    ends: ["INVALID_RESPONSE"],
  },
  "headers without end": {
    attack: (s) => {
      s.write("HTTP/1.1 200 OK\r\n");
      flood(s, `x-flood: ${"x".repeat(1000)}\r\n`);
    },
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "2000 headers": {
    attack: say(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(2000)}content-length: ${good.length}\r\n\r\n${good}`),
    ends: ["token", "INVALID_RESPONSE"],
  },
  "one header of 1 MB": {
    attack: say(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(megabyte)}\r\n\r\n`),
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "100 Continue without end": {
    attack: (s) => flood(s, "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)),
    ends: ["TIMEOUT", "UNREACHABLE", "INVALID_RESPONSE"],
  },
  "103 Early Hints without end": {
    attack: (s) => flood(s, "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".repeat(100)),
    ends: ["TIMEOUT", "UNREACHABLE", "INVALID_RESPONSE"],
  },
  "101 Switching Protocols": {
    attack: say("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
    ends: ["UNREACHABLE", "INVALID_RESPONSE", "TIMEOUT"],
  },
  "invalid UTF-8": {
    attack: say(
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0xed, 0x7d]),
    ),
    ends: ["INVALID_RESPONSE"],
  },
  "invalid UTF-8 within the token": {
    attack: say(
      "HTTP/1.1 200 OK\r\n\r\n",
      Buffer.concat([Buffer.from('{"expires_in":60,"access_token":"'), Buffer.from([0xff, 0xc0]), Buffer.from('"}')]),
    ),
    ends: ["token"],
  },
  "UTF-16 with a byte order mark": {
    attack: say("HTTP/1.1 200 OK\r\n\r\n", Buffer.from(`\ufeff${good}`, "utf16le")),
    ends: ["INVALID_RESPONSE"],
  },
  "names that come twice": {
    attack: say(response(`{"access_token":"","access_token":"x.y.z","expires_in":-1,"expires_in":3600}`)),
    ends: ["token"],
  },
  "__proto__ with the token": {
    attack: say(response(`{"__proto__":{"access_token":"${canaryToken}","expires_in":3600}}`)),
    ends: ["INVALID_RESPONSE"],
  },
  "constructor and toString": {
    attack: say(response(`{"access_token":{"toString":1},"constructor":1,"hasOwnProperty":1,"toJSON":1}`)),
    ends: ["INVALID_RESPONSE"],
  },
  "JSON nested 100 000 deep": { attack: say(response("[".repeat(100_000))), ends: ["INVALID_RESPONSE"] },
  "errors nested 100 000 deep": {
    attack: say(`HTTP/1.1 400 Bad Request\r\n\r\n${'{"error":'.repeat(100_000)}1${"}".repeat(100_000)}`),
    ends: ["REJECTED"],
  },
  "chunks that are none": {
    attack: say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n"),
    ends: ["INVALID_RESPONSE"],
  },
  "a chunk of more bytes than there are": {
    attack: say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{"),
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "trailers without end": {
    attack: (s) => {
      s.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n");
      flood(s, `x-flood: ${"x".repeat(1000)}\r\n`);
    },
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "both lengths": {
    attack: say(response(good, "transfer-encoding: chunked")),
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "two lengths": { attack: say(response(good, "content-length: 1")), ends: ["INVALID_RESPONSE", "UNREACHABLE"] },
  "a negative length": {
    attack: say(`HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n${good}`),
    ends: ["INVALID_RESPONSE"],
  },
  "more than its length": { attack: say(`${response(good)}${"x".repeat(megabyte)}`), ends: ["token"] },
  "less than its length": {
    attack: say(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${good}`),
    ends: ["INVALID_RESPONSE"],
  },
  "less than its length, and keep-alive": {
    attack: (s) => s.write(`HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 9999\r\n\r\n${good}`),
    ends: ["TIMEOUT"],
  },
  "keep-alive, whoever asks for close": {
    attack: (s) => s.write(response(good, "connection: keep-alive", "keep-alive: timeout=99999")),
    ends: ["token"],
  },
  "two responses for one request": {
    attack: say(response(good), response('{"access_token":"second","expires_in":3600}')),
    ends: ["token"],
  },
  "HTTP/1.0 without a length": { attack: say(`HTTP/1.0 200 OK\r\n\r\n${good}`), ends: ["token"] },
  "HTTP/0.9": { attack: say(good), ends: ["INVALID_RESPONSE"] },
  "HTTP/9.9": { attack: say(`HTTP/9.9 200 OK\r\n\r\n${good}`), ends: ["INVALID_RESPONSE"] },
  "a status of nonsense": { attack: say("HTTP/1.1 abc OK\r\n\r\n"), ends: ["INVALID_RESPONSE"] },
  "a status of 1000": { attack: say("HTTP/1.1 1000 OK\r\n\r\n"), ends: ["INVALID_RESPONSE"] },
  "the secret in the reason": {
    attack: say(`HTTP/1.1 400 ${canarySecret}\r\ncontent-length: 0\r\n\r\n`),
    ends: ["REJECTED"],
  },
  TLS: { attack: say(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46])), ends: ["INVALID_RESPONSE"] },
  "a reset at once": { attack: (s) => s.resetAndDestroy(), ends: ["UNREACHABLE"] },
  "a reset in the middle": {
    attack: (s) => {
      s.write(`HTTP/1.1 200 OK\r\ncontent-length: ${good.length}\r\n\r\n${good.slice(0, 50)}`, () =>
        setTimeout(() => s.resetAndDestroy(), 20),
      );
    },
    ends: ["INVALID_RESPONSE", "UNREACHABLE"],
  },
  "an end at once": { attack: (s) => s.end(), ends: ["UNREACHABLE"] },
  "Retry-After of a year, without end": {
    attack: say("HTTP/1.1 503 Busy\r\nretry-after: 31536000\r\ncontent-length: 0\r\n\r\n"),
    ends: ["THROTTLED"],
  },
  "a redirect to itself": {
    attack: say("HTTP/1.1 307 Again\r\nlocation: /msi/token\r\ncontent-length: 0\r\n\r\n"),
    ends: ["INVALID_RESPONSE"],
  },
};

/** An endpoint on a real port that performs an attack, named by the path, on everyone. */
export interface HostileEndpoint extends AsyncDisposable {
  readonly origin: string;
  /** Connections that are open. */
  readonly open: ReadonlySet<net.Socket>;
}

/** Starts a hostile endpoint. `pick` chooses the attack by the path of the request. */
export async function startHostileEndpoint(pick: (path: string) => Attack): Promise<HostileEndpoint> {
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {}).once("close", () => open.delete(socket));
    socket.once("data", (request) => pick(/^\w+ (\S*)/.exec(request.toString("latin1"))?.[1] ?? "")(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    open,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
