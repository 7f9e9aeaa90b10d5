import { startEmulator } from "@appservice-msi/emulator";
import { lowestVersions } from "./azure-core.ts";
import { installProject, type Project } from "./project.ts";
import { packTarballs, type Tarballs } from "./tarballs.ts";
import type { Consumers } from "./trial.ts";

/** Packs what is in the workspace, installs it for all trials, and gives the way to take it all away again. */
export async function installConsumers(): Promise<Consumers & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  try {
    const tarballs = stack.use(packTarballs());
    const newest = stack.use(await installProject(tarballs, {}));
    const lowest = stack.use(await installLowest(tarballs, newest));
    const emulator = stack.use(await startEmulator());
    const cleanup = stack.move();
    return {
      newest,
      lowest,
      emulator,
      tarballs: [...tarballs.files.values()],
      [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Twice: what the lowest version of a package wants is known when it is installed. */
async function installLowest(tarballs: Tarballs, newest: Project): Promise<Project> {
  using first = await installProject(tarballs, lowestVersions(newest));
  return installProject(tarballs, lowestVersions(first));
}
