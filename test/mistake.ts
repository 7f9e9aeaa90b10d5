import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as credentialModule from "@appservice-msi/credential";

/** A mistake that somebody could make in the credential. */
export interface Mistake {
  readonly mistake: string;
  readonly file: string;
  /** Text that stands in the file exactly once, and what stands there instead. */
  readonly replace: readonly [from: string, to: string];
}

const packageFolder = dirname(fileURLToPath(import.meta.resolve("@appservice-msi/credential/package.json")));

/** The credential with the mistake in it, for as long as `work` takes. The sources themselves stay as they are. */
export async function withMistake<T>(
  { file, replace: [from, to] }: Mistake,
  work: (credential: typeof credentialModule) => Promise<T>,
): Promise<T> {
  // Inside the package, so that its dependencies are found.
  const folder = join(packageFolder, ".planted-bugs", crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  try {
    await cp(join(packageFolder, "src"), folder, { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
    const path = join(folder, file);
    const source = await readFile(path, "utf8");
    if (source.split(from).length !== 2) {
      throw new Error(`${file} has changed: ${JSON.stringify(from)} does not stand in it exactly once.`);
    }
    await writeFile(
      path,
      source.replace(from, () => to),
    );
    return await work((await import(pathToFileURL(join(folder, "index.ts")).href)) as typeof credentialModule);
  } finally {
    await rm(folder, { recursive: true });
  }
}
