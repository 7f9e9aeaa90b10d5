// pnpm build: dist/ of every published package, JavaScript and declarations, by plain tsc.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages, root } from "./packages.ts";

const packages = publishedPackages();
for (const { folder } of packages) {
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", join(folder, "tsconfig.build.json")], {
    stdio: "inherit",
  });
}
console.log(`dist/ of ${packages.map(({ shortName }) => shortName).join(", ")}`);
