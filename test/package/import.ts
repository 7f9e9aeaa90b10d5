import type { Trial } from "./trial.ts";

/** The start of every app pays for what an import loads. */
export const importTrials: readonly Trial[] = [
  {
    table: "Runtimes",
    row: "Node 24",
    column: "loads at `import`",
    version: ({ newest }) => newest.manifest("node-24").version,
    run: async ({ newest }) => {
      const output = await newest.run([process.execPath, "loaded.mjs"]);
      if (output !== "true []\n") {
        throw new Error(`An import of the credential loads other packages: ${output}`);
      }
      return "nothing else";
    },
  },
];
