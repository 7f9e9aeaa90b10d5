// What a release consists of, made and tried but not published.
//
//   pnpm release:dry-run                        into a temporary folder: packs, checks, installs, asks npm what it would publish
//   node scripts/release.ts release v0.1.0      into this folder, for this tag: what must hold of a release is checked as well
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type PublishedPackage, publishedPackages, root } from "./packages.ts";

interface Manifest {
  readonly version: string;
  readonly repository?: { readonly url?: string };
}

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function readManifest({ folder }: PublishedPackage): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** What stands in the way of publishing the packages under this tag. */
function findObstacles(packages: readonly PublishedPackage[], tag: string): string[] {
  const notes = readdirSync(join(root, ".changeset")).filter((file) => file.endsWith(".md") && file !== "README.md");
  return [
    ...notes.map((file) => `.changeset/${file} waits for pnpm changeset version`),
    ...packages.flatMap((each) => {
      const { version, repository } = readManifest(each);
      const changelog = readFileSync(join(each.folder, "CHANGELOG.md"), "utf8");
      return [
        ...(`v${version}` === tag ? [] : [`${each.name} has version ${version}, and the tag is ${tag}`]),
        ...(changelog.includes(`\n## ${version}\n`)
          ? []
          : [`the changelog of ${each.name} does not tell of ${version}`]),
        // npm compares it with where the workflow runs, and refuses the provenance when it is another.
        ...(repository?.url === undefined ? [`${each.name} has no repository in its package.json`] : []),
      ];
    }),
  ];
}

/** The tarballs, checked, and for each a list of all that it brings along. */
function make(folder: string): void {
  console.log(run(root, process.execPath, "scripts/build.ts").trim());
  console.log(run(root, process.execPath, "scripts/pack.ts", folder).trim());
  for (const { name, shortName } of publishedPackages()) {
    const file = join(folder, `${shortName}.cdx.json`);
    run(root, "pnpm", "--filter", name, "sbom", "--sbom-format", "cyclonedx", "--prod", "--out", file);
    const { components } = JSON.parse(readFileSync(file, "utf8")) as { components: unknown[] };
    console.log(`${shortName}.cdx.json: ${components.length} packages below it`);
  }
}

/** Installs the tarballs where nothing else is, and gets a token with what is there then. */
function tryOut(tarballs: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  run(folder, "npm", "init", "--yes");
  run(folder, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs);
  const command = join(folder, "node_modules/@appservice-msi/cli/dist/bin.js");
  const token = [command, "token", "--resource", "storage", "-o", "json"];
  const output = run(folder, process.execPath, command, "exec", "--", process.execPath, ...token);
  const { resource } = JSON.parse(output) as { resource: string };
  console.log(`installed in an empty folder; appservice-msi got a token for ${resource} from its own emulator`);
  rmSync(folder, { recursive: true });
}

function askNpm(tarball: string): void {
  console.log(`npm would publish ${run(root, "npm", "publish", "--dry-run", "--loglevel=error", tarball).trim()}`);
}

const [kept, tag] = process.argv.slice(2);
const packages = publishedPackages();
const obstacles = tag === undefined ? [] : findObstacles(packages, tag);
if (obstacles.length > 0) {
  console.error(obstacles.join("\n"));
  process.exit(1);
}
const destination = kept === undefined ? mkdtempSync(join(tmpdir(), "release-")) : resolve(kept);
mkdirSync(destination, { recursive: true });
make(destination);
const tarballs = globSync("*.tgz", { cwd: destination }).map((file) => join(destination, file));
tryOut(tarballs);
tarballs.forEach(askNpm);
if (kept === undefined) {
  rmSync(destination, { recursive: true });
}
