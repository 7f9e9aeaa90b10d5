import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderPage } from "./page.ts";
import { digestOf, readPeerRun } from "./peer.ts";
import { labelled, parseTranscripts, readCalls, readTranscripts } from "./transcript.ts";

const remedy = "Run `npx -y pnpm@12 conformance`.";

describe("docs/conformance.md", () => {
  it("tells what @azure/identity did in the transcripts as they are now", async () => {
    const { results } = await readPeerRun();
    const kept = Object.entries(results).map(([label, { digest }]) => [label, digest]);
    expect(kept, remedy).toEqual(labelled(readCalls()).map(([label, transcript]) => [label, digestOf(transcript)]));
  });

  it("is up to date", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/conformance.md"), "utf8");
    expect(page, remedy).toBe(renderPage(readTranscripts(), await readPeerRun()));
  });
});

function file(transcript: object): string {
  return JSON.stringify({ title: "t", transcripts: [transcript] });
}

describe("the transcripts", () => {
  it("have each a name of their own", () => {
    const labels = labelled(readTranscripts()).map(([label]) => label);
    expect(labels).toEqual([...new Set(labels)]);
  });

  it.each([
    ["a field that there is not", { reponse: {} }],
    ["no source", { source: {} }],
    ["a source that is no address", { source: { report: "somebody" } }],
    ["an outcome without a call", { outcome: { code: "REJECTED" } }],
    ["a host that there is not", { host: "app-service-mac" }],
    ["nobody to hold to it", { host: undefined }],
  ])("are refused with %s", (_, fields) => {
    const sound = { name: "n", source: { guess: "g" }, host: "azure-ml", exchanges: [] };
    expect(parseTranscripts("sound", file(sound))).toHaveLength(1);
    expect(() => parseTranscripts("odd", file({ ...sound, ...fields }))).toThrow(/odd: /);
  });
});
