import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const files = globSync(".github/workflows/*.yml", { cwd: root });

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

describe.each(files)("%s", (file) => {
  const lines = read(file).split("\n");

  it("pins every action by commit, and says which version that is", () => {
    const used = lines.filter((line) => /^\s*(- )?uses:/.test(line));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it("grants nothing to a job that does not ask for it", () => {
    expect(lines).toContain("permissions: {}");
  });
});

it("the job that may publish runs nothing but npm", () => {
  const [, publish = ""] = read(".github/workflows/release.yml").split("\n  publish:\n");
  expect(publish).toContain("id-token: write");
  expect(publish).not.toMatch(/checkout|npx|install|contents:/);
  expect(publish).toMatch(/^ +npm publish .*--provenance.*--ignore-scripts/m);
  expect(read(".github/workflows/release.yml").match(/id-token/g)).toHaveLength(1);
});
