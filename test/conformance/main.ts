// pnpm conformance: runs @azure/identity in the situation of every transcript, keeps what it did in test/conformance/peer.json, and
// writes docs/conformance.md.
//
//   pnpm conformance          both, in a minute
//   pnpm conformance --page   the page only, from what was kept
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderPage } from "./page.ts";
import { keepPeerRun, readPeerRun, runPeer } from "./peer.ts";
import { readCalls, readTranscripts } from "./transcript.ts";

const { values: options } = parseArgs({ options: { page: { type: "boolean", default: false } } });

if (!options.page) {
  await keepPeerRun(await runPeer(readCalls()));
}
const run = await readPeerRun();
await writeFile(join(import.meta.dirname, "../../docs/conformance.md"), renderPage(readTranscripts(), run));
