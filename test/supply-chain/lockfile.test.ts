import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const lockfile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
const settings = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");

it("the lockfile takes every package from the registry, by a hash", () => {
  const resolutions = lockfile.split("\n").filter((line) => line.trimStart().startsWith("resolution:"));
  // A tarball of another place has `tarball`, a repository `commit` and `repo`, a folder `directory`.
  const byHash = /^ {4}resolution: \{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/;
  expect(resolutions.filter((line) => !byHash.test(line))).toEqual([]);
  const [packages = ""] = /^packages:\n[^]*?^snapshots:/m.exec(lockfile) ?? [];
  expect(resolutions).toHaveLength(packages.match(/^ {2}\S.*:$/gm)?.length ?? 0);
  expect(resolutions.length).toBeGreaterThan(100);
});

it.each([
  ["takes in no version younger than a day", "minimumReleaseAge: 1440"],
  ["refuses a version whose publisher proves less than before", "trustPolicy: no-downgrade"],
  ["refuses what a dependency brings from elsewhere", "blockExoticSubdeps: true"],
  ["keeps versions in one place", "catalogMode: strict"],
])("pnpm %s", (_what, setting) => {
  expect(settings.split("\n")).toContain(setting);
});

it("no package but the one that brings Node may run a script when it is installed", () => {
  const [, builds = ""] = /^allowBuilds:\n((?: {2}.*\n)+)/m.exec(settings) ?? [];
  expect(builds.split("\n").filter((line) => line.endsWith(": true"))).toEqual(["  node: true"]);
});
