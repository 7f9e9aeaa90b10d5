// pnpm build: dist/ of every published package, JavaScript and declarations, by plain tsc.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages, root } from "./packages.ts";

const tsc = join(root, "node_modules/.bin/tsc");
const packages = publishedPackages();
for (const { folder } of packages) {
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const { status } = spawnSync(tsc, ["--project", join(folder, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) {
    process.exit(1);
  }
}
console.log(`dist/ of ${packages.map(({ shortName }) => shortName).join(", ")}`);
