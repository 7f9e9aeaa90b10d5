import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attacks, startHostileEndpoint } from "./hostile-endpoint.ts";

/** The whole time that a call has. Most attacks are seen through long before. */
const timeoutInMs = 400;

/** A machine that is busy with others is late. */
const toleranceInMs = 2500;

/** Of 100 MB or more that are sent, no more than 1 MB is taken; the rest is what Node's own buffers and heap come to. */
const tolerableGrowthInMb = 80;

interface Report {
  readonly results: readonly { name: string; outcome: string; tookInMs: number; grewInMb: number }[];
  readonly stray: readonly string[];
  readonly stderr: string;
  readonly connectionsLeft: number;
}
let report: Report;

beforeAll(async () => {
  await using endpoint = await startHostileEndpoint(
    (path) => attacks[decodeURIComponent(path.split(/[/?]/)[1] ?? "")]?.attack ?? ((socket) => socket.destroy()),
  );
  const program = join(import.meta.dirname, "meet-attacks.ts");
  const args = [program, endpoint.origin, JSON.stringify(Object.keys(attacks)), String(timeoutInMs)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: {}, timeout: 100_000 });
  report = { ...JSON.parse(stdout), stderr, connectionsLeft: endpoint.open.size };
}, 110_000);

afterAll(() => {
  expect(report.results).toHaveLength(Object.keys(attacks).length);
});

describe("an endpoint that means harm", () => {
  it.each(Object.keys(attacks))(
    "by %s: the call ends in time, in words that are documented, in little memory",
    (name) => {
      const result = report.results.find((one) => one.name === name);
      expect(attacks[name]?.ends).toContain(result?.outcome);
      expect(result?.tookInMs).toBeLessThan(timeoutInMs + toleranceInMs);
      expect(result?.grewInMb).toBeLessThan(tolerableGrowthInMb);
    },
  );

  it("leaves the process whole: no stray error, no warning, nothing written, no connection left", () => {
    expect(report.stray).toEqual([]);
    expect(report.stderr).toBe("");
    expect(report.connectionsLeft).toBe(0);
  });
});
