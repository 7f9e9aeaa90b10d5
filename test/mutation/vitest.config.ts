import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "../..");

/** The tests that judge the mutants of the credential: those beside its files, and those that see it from the wire. */
export default defineConfig({
  // Stryker works on a copy, whose node_modules lead back to the original.
  resolve: { alias: { "@appservice-msi/credential": join(root, "packages/credential/src/index.ts") } },
  test: {
    root,
    include: ["packages/credential/src/*.test.ts", "test/{wire,errors,traps}/*.test.ts"],
    testTimeout: 15_000,
    isolate: false,
  },
});
