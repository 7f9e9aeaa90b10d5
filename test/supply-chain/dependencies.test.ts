import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const kinds = ["dependencies", "devDependencies", "peerDependencies"] as const;
const published = ["credential", "emulator", "cli"];

type Manifest = Readonly<Partial<Record<(typeof kinds)[number], Readonly<Record<string, string>>>>>;

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;
}

function foreign(dependencies: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(dependencies).filter((name) => !name.startsWith("@appservice-msi/"));
}

/** The rows of the page's tables, each cell as it is written. */
const rows = readFileSync(join(root, "docs/dependencies.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

function namesIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

const manifests = [
  "package.json",
  ...globSync("{test,bench,packages/*,packages/examples/*}/package.json", { cwd: root }),
];

it("docs/dependencies.md gives a reason for every package that a manifest names, and names no other", () => {
  const needed = manifests.flatMap((file) => kinds.flatMap((kind) => foreign(readManifest(file)[kind])));
  const listed = rows.flatMap(([names]) => namesIn(names));
  expect(listed.toSorted()).toEqual([...new Set(needed)].toSorted());
  expect(rows.filter((cells) => (cells.at(-1) ?? "") === "")).toEqual([]);
});

it.each(published)("docs/dependencies.md says which packages come along with %s", (name) => {
  const { dependencies, peerDependencies } = readManifest(`packages/${name}/package.json`);
  const listed = rows.filter(([, users]) => users?.split(/[,:] /).includes(name)).flatMap(([names]) => namesIn(names));
  expect(listed.toSorted()).toEqual([...foreign(dependencies), ...foreign(peerDependencies)].toSorted());
});

it("users get ranges, not pins: a fix in a dependency reaches them without a release of ours", () => {
  const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const pinned = published.flatMap((name) =>
    foreign(readManifest(`packages/${name}/package.json`).dependencies).filter(
      (dependency) => !new RegExp(`^  "?${dependency}"?: \\^\\d`, "m").test(catalog),
    ),
  );
  expect(pinned).toEqual([]);
});
