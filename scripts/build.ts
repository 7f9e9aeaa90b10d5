// pnpm build: dist/ of every published package. tsc makes the JavaScript and the declarations; rollup joins the JavaScript into
// one file for each entry and each part that is loaded on demand: docs/decisions/0017-few-files-are-published.md says why.
import { spawnSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type RollupLog, rollup } from "rollup";
import { type PublishedPackage, publishedPackages, root } from "./packages.ts";

const tsc = join(root, "node_modules/.bin/tsc");

/** What begins neither with a dot nor with a slash: packages, and Node's own modules. */
const fromOutside = /^[^./]/;

function compile({ folder }: PublishedPackage): void {
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const { status } = spawnSync(tsc, ["--project", join(folder, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) {
    process.exit(1);
  }
}

async function joinFiles({ folder, entries }: PublishedPackage): Promise<void> {
  const dir = join(folder, "dist");
  await using bundle = await rollup({
    input: entries.map((entry) => join(folder, entry)),
    external: fromOutside,
    onwarn: refuse,
  });
  for (const file of globSync("**/*.js", { cwd: dir })) {
    rmSync(join(dir, file)); // rollup has read them all
  }
  await bundle.write({
    dir,
    chunkFileNames: "[name]-part.js",
    hoistTransitiveImports: false,
    minifyInternalExports: false,
  });
}

function refuse({ message }: RollupLog): never {
  throw new Error(message);
}

const packages = publishedPackages();
for (const each of packages) {
  compile(each);
  await joinFiles(each);
}
console.log(`dist/ of ${packages.map(({ shortName }) => shortName).join(", ")}`);
