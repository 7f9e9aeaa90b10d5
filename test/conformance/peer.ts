import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fill, unfill } from "./stand-ins.ts";
import { type Call, labelled } from "./transcript.ts";

/** What @azure/identity did in the situation of a transcript. */
export interface PeerResult {
  /** As `canonical` writes them; with the origin in front where that is not the transcript's. */
  readonly requests: readonly string[];
  readonly outcome:
    | { readonly token: string; readonly expiresOn: string }
    | { readonly error: string; readonly message: string }
    | "waits for ever";
}

/** What it did in all of them. */
export interface PeerRun {
  /** The day it was run. */
  readonly date: string;
  /** The version of @azure/identity. */
  readonly version: string;
  /** By the label of the transcript, each with the digest of what it was then. */
  readonly results: Readonly<Record<string, PeerResult & { readonly digest: string }>>;
}

const program = join(import.meta.dirname, "peer-program.ts");
const kept = join(import.meta.dirname, "peer.json");

/** The processes run side by side. */
const atOnce = 2;

/** A process that takes longer than this hangs. */
const timeoutInMs = 60_000;

/** The version that is installed. */
async function peerVersion(): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("@azure/identity/package.json");
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
}

/** What a transcript says, in a word: another one when anything in it changes but where it is from. */
export function digestOf({ now, env, call, exchanges }: Call): string {
  return createHash("sha256").update(JSON.stringify({ now, env, call, exchanges })).digest("hex").slice(0, 16);
}

/** Runs @azure/identity in the situation of every transcript, each in a process of its own. */
export async function runPeer(transcripts: readonly Call[]): Promise<PeerRun> {
  const compileCache = await mkdtemp(join(tmpdir(), "conformance-"));
  const left = labelled(transcripts).entries();
  const results: [string, PeerResult & { digest: string }][] = [];
  const work = async (): Promise<void> => {
    for (const [index, [label, transcript]] of left) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      results[index] = [label, { digest: digestOf(transcript), ...(await runOne(transcript, compileCache)) }];
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    await rm(compileCache, { recursive: true });
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    version: await peerVersion(),
    results: Object.fromEntries(results),
  };
}

async function runOne(transcript: Call, compileCache: string): Promise<PeerResult> {
  const { env } = fill(transcript);
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(transcript)], {
    env: { ...env, NODE_COMPILE_CACHE: compileCache },
    timeout: timeoutInMs,
    killSignal: "SIGKILL",
  });
  return JSON.parse(unfill(stdout)) as PeerResult;
}

/** What it did when that was last written down. */
export async function readPeerRun(): Promise<PeerRun> {
  return JSON.parse(await readFile(kept, "utf8")) as PeerRun;
}

/** Writes down what it did. */
export async function keepPeerRun(run: PeerRun): Promise<void> {
  await writeFile(kept, `${JSON.stringify(run, undefined, 2)}\n`);
}
