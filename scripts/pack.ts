// pnpm pack of every published package, and what must hold of a tarball before anybody installs it.
// pnpm tarballs <folder>: builds, and leaves the tarballs there; without a folder they are only checked.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { filterProblems, problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PublishedPackage, publishedPackages } from "./packages.ts";

interface Tarball {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const required = ["dist/index.js", "dist/index.d.ts", "README.md", "LICENSE", "package.json"];
const unwanted = /(^|\/)(src|testing|node_modules)\/|\.test\.|(?<!\.d)\.ts$|tsconfig/;

function pack({ folder }: PublishedPackage, destination: string): Tarball {
  const output = execFileSync("pnpm", ["--dir", folder, "pack", "--json", "--pack-destination", destination]);
  return JSON.parse(output.toString()) as Tarball;
}

function wrongFiles({ files }: Tarball): string[] {
  const paths = files.map(({ path }) => path);
  return [
    ...required.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
    ...paths.filter((path) => unwanted.test(path)).map((path) => `${path} does not belong in a tarball`),
  ];
}

/** publint, its warnings taken as errors; and no version that only this workspace understands. */
async function wrongManifest(data: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
  return [
    ...messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code),
    ...(JSON.stringify(pkg).match(/"[^"]+":"(catalog|workspace):[^"]*"/g) ?? []),
  ];
}

/** What "are the types wrong" finds for `import` and for bundlers. There is one build, ESM, and `require()` gets it too. */
async function wrongTypes(data: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(data));
  if (result.types === false) {
    return ["there are no types"];
  }
  const problems = (["node16-esm", "bundler"] as const).flatMap((resolutionKind) =>
    filterProblems(result, { resolutionKind }),
  );
  return [...new Set(problems)].map(({ kind }) => problemKindInfo[kind].description);
}

/** What is wrong with the package's tarball, which stays in the destination. */
async function check(each: PublishedPackage, destination: string): Promise<string[]> {
  const tarball = pack(each, destination);
  const data = Uint8Array.from(readFileSync(tarball.filename));
  console.log(`${basename(tarball.filename)}: ${tarball.files.length} files, ${Math.ceil(tarball.size / 1024)} KiB`);
  return [...wrongFiles(tarball), ...(await wrongManifest(data)), ...(await wrongTypes(data))];
}

const [kept] = process.argv.slice(2);
const destination = kept === undefined ? mkdtempSync(join(tmpdir(), "pack-")) : resolve(kept);
mkdirSync(destination, { recursive: true });
for (const each of publishedPackages()) {
  for (const line of await check(each, destination)) {
    console.log(`  ${line}`);
    process.exitCode = 1;
  }
}
if (kept === undefined) {
  rmSync(destination, { recursive: true });
}
