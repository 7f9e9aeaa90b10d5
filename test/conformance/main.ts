// pnpm conformance: runs @azure/identity in the situation of every transcript, keeps what it did in test/conformance/peer.json, and
// writes docs/conformance.md.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readOptions } from "@appservice-msi/command-line";
import { renderPage } from "./page.ts";
import { keepPeerRun, readPeerRun, runPeer } from "./peer.ts";
import { readCalls, readTranscripts } from "./transcript.ts";

const { values: options } = readOptions({
  usage: `Usage: npx -y pnpm@12 conformance [--page]

Runs @azure/identity in the situation of every transcript and writes docs/conformance.md. Takes about a minute.

  --page  writes the page only, from what was kept of the last run`,
  options: { page: { type: "boolean", default: false } },
});

if (!options.page) {
  await keepPeerRun(await runPeer(readCalls()));
}
const run = await readPeerRun();
await writeFile(join(import.meta.dirname, "../../docs/conformance.md"), renderPage(readTranscripts(), run));
