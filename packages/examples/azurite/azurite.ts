import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Certificate, makeLoopbackCertificate } from "./certificate.ts";

export { type Certificate, makeLoopbackCertificate } from "./certificate.ts";

/** The storage services that Azurite has. */
export type AzuriteService = "blob" | "queue" | "table";

/** What to start, and where. */
export interface AzuriteOptions {
  /** Default: `"blob"`. */
  readonly service?: AzuriteService;
  /** Default: 0, a free one. */
  readonly port?: number;
  /** What it shows its clients, for one that several services share. Default: one of its own. */
  readonly certificate?: Certificate;
}

/** A running Azurite. */
export interface Azurite extends AsyncDisposable {
  /** URL of the development account. */
  readonly url: string;
  /** The certificate to trust, as PEM and as a file. */
  readonly ca: string;
  readonly caFile: string;
  /** Stops it, and removes its files. Twice is fine. */
  close(): Promise<void>;
}

const account = "devstoreaccount1";

/** It takes 1 to 2 s on a machine that has nothing else to do. */
const startTimeoutInMs = 30_000;

/**
 * Starts one service of Azurite on loopback: over HTTPS, because it takes bearer tokens (`--oauth basic`) over nothing else, with its data
 * in memory, and with any API version, because clients are newer than it is.
 *
 * @throws Error when it does not come up, for example because the port is taken; the message holds what it said.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { service = "blob" } = options;
  // The table service does not say which port it was given, so it is told one.
  const port = options.port || (service === "table" ? await freePort() : 0);
  const { key, certificate } = options.certificate ?? (await makeLoopbackCertificate());
  const folder = await mkdtemp(join(tmpdir(), "azurite-"));
  // The key must not outlive a process that does not come to close it, as on a signal.
  const removeFiles = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFiles);
  const caFile = join(folder, "certificate.pem");
  const keyFile = join(folder, "key.pem");
  await Promise.all([writeFile(caFile, certificate), writeFile(keyFile, key, { mode: 0o600 })]);
  // Its JavaScript, not the command: that is a shell script, and killing a shell leaves the server behind.
  const main = fileURLToPath(import.meta.resolve(`azurite/dist/src/${service}/main.js`));
  const address = [`--${service}Host`, "127.0.0.1", `--${service}Port`, String(port)];
  const tokensOverTls = ["--oauth", "basic", "--cert", caFile, "--key", keyFile];
  const manners = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
  const child = spawn(process.execPath, [main, ...address, ...tokensOverTls, ...manners], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const impatience = setTimeout(() => child.kill(), startTimeoutInMs);
  const stopWithUs = (): void => void child.kill();
  process.once("exit", stopWithUs);

  const close = async (): Promise<void> => {
    process.off("exit", stopWithUs);
    await stop(child);
    await rm(folder, { recursive: true, force: true });
    process.off("exit", removeFiles);
  };
  try {
    const url = `${await listeningAt(child, service, port)}/${account}`;
    return { url, ca: certificate, caFile, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(impatience);
  }
}

/** The origin that the server says it listens at, on one of the first lines it prints. */
async function listeningAt(child: ChildProcess, service: AzuriteService, port: number): Promise<string> {
  const said: string[] = [];
  child.stderr?.on("data", (chunk) => said.push(String(chunk)));
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    said.push(line);
    const address = /successfully (?:listen\w*|started) (?:at|on) (?:https:\/\/)?(\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      child.stdout?.resume(); // whatever it says later must not fill the pipe and block it
      return `https://${address}`;
    }
  }
  const why = said.some((line) => line.includes("EADDRINUSE"))
    ? `port ${port} is taken; choose another one`
    : said.join("\n");
  throw new Error(`Azurite's ${service} service did not start: ${why}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill();
    await exited;
  }
}
