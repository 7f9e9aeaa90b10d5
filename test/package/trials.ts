import { azureCoreTrials } from "./azure-core.ts";
import { bundlerTrials } from "./bundlers.ts";
import { emptyFolderTrials } from "./empty-folder.ts";
import { importTrials } from "./import.ts";
import { runtimeTrials } from "./runtimes.ts";
import { testRunnerTrials } from "./test-runners.ts";
import type { Trial } from "./trial.ts";
import { typescriptTrials } from "./typescript.ts";

/** Everybody who uses the packages, in every way. */
export const trials: readonly Trial[] = [
  ...runtimeTrials,
  ...importTrials,
  ...typescriptTrials,
  ...bundlerTrials,
  ...testRunnerTrials,
  ...azureCoreTrials,
  ...emptyFolderTrials,
];
