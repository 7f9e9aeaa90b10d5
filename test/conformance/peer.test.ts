import { expect, it } from "vitest";
import { readPeerRun, runPeer } from "./peer.ts";
import { readCalls } from "./transcript.ts";

it("@azure/identity does what docs/conformance.md says of it", { timeout: 300_000 }, async () => {
  const { version, results } = await readPeerRun();
  expect(await runPeer(readCalls()), "Run `npx -y pnpm@12 conformance`.").toMatchObject({ version, results });
});
