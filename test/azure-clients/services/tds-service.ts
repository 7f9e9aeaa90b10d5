// [MS-TDS]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds, version 8.0, where TLS comes before all else.
import { TLSSocket } from "node:tls";
import type { VerifyToken } from "@appservice-msi/example-protected-api";
import type { Platform } from "../platform.ts";
import { Bytes } from "./bytes.ts";
import { type SocketService, startSocketService } from "./socket-service.ts";

const type = { batch: 0x01, rpc: 0x03, answer: 0x04, federatedToken: 0x08, login: 0x10, prelogin: 0x12 };
const endOfMessage = 0x01;

/** Where a client is told to get its token, and for what: Azure SQL names itself with a slash. */
const tokenFor = "https://database.windows.net/";

/** Starts a SQL Server that takes logins by token only, and knows one question: who is asking. */
export function startTdsService(platform: Platform, verify: VerifyToken): Promise<SocketService> {
  const { key, certificate: cert } = platform.certificate;
  return startSocketService(async (socket, admit) => {
    const secure = new TLSSocket(socket, { isServer: true, key, cert, ALPNProtocols: ["tds/8.0"] });
    secure.on("error", () => secure.destroy());
    const bytes = new Bytes(secure);
    const say = (...tokens: readonly Buffer[]): void => void secure.write(packet(Buffer.concat(tokens)));
    let caller = "nobody";
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const message = await readMessage(bytes);
      switch (message?.type) {
        case type.prelogin:
          say(prelogin);
          break;
        case type.login:
          say(federatedAuthenticationInfo(`https://login.windows.net/${platform.emulator.tenantId}`, tokenFor));
          break;
        case type.federatedToken: {
          // oxlint-disable-next-line no-await-in-loop -- one after another
          const claims = await verify(message.body.subarray(8).toString("utf16le")).catch((error: Error) => error);
          if (claims instanceof Error) {
            say(loginFailed(claims.message), done);
            return;
          }
          admit(claims);
          caller = String(claims["oid"]);
          say(loginAcknowledged, done);
          break;
        }
        case type.batch:
        case type.rpc:
          say(...(message.body.includes(whoAmI) ? [row("caller", caller)] : []), done);
          break;
        default:
          return;
      }
    }
  });
}

async function readMessage(bytes: Bytes): Promise<{ type: number; body: Buffer } | undefined> {
  const bodies: Buffer[] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const head = await bytes.take(8);
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const body = head && (await bytes.take(head.readUInt16BE(2) - head.length));
    if (!body) {
      return undefined;
    }
    bodies.push(body);
    if (((head[1] ?? 0) & endOfMessage) !== 0) {
      return { type: head[0] ?? 0, body: Buffer.concat(bodies) };
    }
  }
}

function packet(body: Buffer): Buffer {
  const head = Buffer.from([type.answer, endOfMessage, 0, 0, 0, 0, 1, 0]);
  head.writeUInt16BE(head.length + body.length, 2);
  return Buffer.concat([head, body]);
}

/** The options VERSION, ENCRYPTION (not supported: TLS is there already) and FEDAUTHREQUIRED, each with place and length. */
const prelogin = Buffer.from("000010000601001600010600170001ff1000000000000201", "hex");

const whoAmI = Buffer.from("suser_sname()", "utf16le");

const done = Buffer.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** LOGINACK for TDS 7.4, and FEATUREEXTACK for the feature FEDAUTH. */
const loginAcknowledged = Buffer.concat([
  sized(0xad, Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), name("stand-in"), Buffer.from([16, 0, 0, 0])])),
  Buffer.from([0xae, 2, 0, 0, 0, 0, 0xff]),
]);

function federatedAuthenticationInfo(authority: string, resource: string): Buffer {
  const values = [Buffer.from(authority, "utf16le"), Buffer.from(resource, "utf16le")];
  const options = Buffer.alloc(4 + 9 * values.length);
  options.writeUInt32LE(values.length);
  let place = options.length;
  for (const [index, value] of values.entries()) {
    options.writeUInt8(index + 1, 4 + 9 * index);
    options.writeUInt32LE(value.length, 5 + 9 * index);
    options.writeUInt32LE(place, 9 + 9 * index);
    place += value.length;
  }
  const head = Buffer.from([0xee, 0, 0, 0, 0]);
  head.writeUInt32LE(place, 1);
  return Buffer.concat([head, options, ...values]);
}

/** ERROR 18456, as for every login that fails. */
function loginFailed(why: string): Buffer {
  const text = Buffer.from(`Login failed: ${why}`, "utf16le");
  const number = Buffer.from([0x18, 0x48, 0, 0, 1, 14, text.length / 2, 0]);
  return sized(0xaa, Buffer.concat([number, text, name("stand-in"), name(""), Buffer.alloc(4)]));
}

/** One row of one NVARCHAR column. */
function row(column: string, value: string): Buffer {
  const text = Buffer.from(value, "utf16le");
  const length = Buffer.from([text.length, 0]);
  const metadata = [0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0xe7, 0x40, 0x1f, 0x09, 0x04, 0xd0, 0, 0x34];
  return Buffer.concat([Buffer.from(metadata), name(column), Buffer.from([0xd1]), length, text]);
}

/** A text with the number of its characters in front. */
function name(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "utf16le")]);
}

/** A token with the length of its content in two bytes. */
function sized(token: number, content: Buffer): Buffer {
  const head = Buffer.from([token, 0, 0]);
  head.writeUInt16LE(content.length, 1);
  return Buffer.concat([head, content]);
}
