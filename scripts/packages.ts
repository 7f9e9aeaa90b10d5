import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the repository. */
export const root: string = join(import.meta.dirname, "..");

/** A package that users install. */
export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** The name of the folder, short for the name of the package. */
  readonly shortName: string;
  readonly dependencies: readonly string[];
  /** The files of JavaScript that users or Node start from, as the published manifest names them. */
  readonly entries: readonly string[];
}

/** The packages under packages/ that are not private, each after those of ours that it depends on. */
export function publishedPackages(): PublishedPackage[] {
  const ours: PublishedPackage[] = [];
  for (const shortName of readdirSync(join(root, "packages"))) {
    const folder = join(root, "packages", shortName);
    const manifest = readManifest(folder);
    if (manifest?.name !== undefined && manifest.private !== true) {
      const dependencies = Object.keys(manifest.dependencies ?? {});
      ours.push({ name: manifest.name, folder, shortName, dependencies, entries: entriesOf(manifest) });
    }
  }
  const depth = ({ dependencies }: PublishedPackage): number =>
    Math.max(0, ...ours.filter(({ name }) => dependencies.includes(name)).map((dependency) => depth(dependency) + 1));
  return ours.toSorted((one, other) => depth(one) - depth(other));
}

interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly publishConfig?: {
    readonly bin?: Record<string, string>;
    readonly exports?: Record<string, string | { readonly default: string }>;
  };
}

function entriesOf({ publishConfig: { bin = {}, exports = {} } = {} }: Manifest): string[] {
  const exported = Object.values(exports).map((target) => (typeof target === "string" ? target : target.default));
  return [...Object.values(bin), ...exported].filter((file) => file.endsWith(".js"));
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
