import { configDefaults, defineConfig } from "vitest/config";
import { ClosingLine } from "./scripts/closing-line.ts";
import { inCredential, layers } from "./scripts/layers.ts";

/** Tests that install packages or start whole programs: `pnpm check` runs them, `pnpm test` leaves them out. */
const slow = [
  "test/cli/examples.test.ts",
  "test/cli/shells.test.ts",
  "test/package/**/*.test.ts",
  "test/conformance/peer.test.ts",
  "test/simulation/{planted-bugs,many-seeds,replay}.test.ts",
  "test/soak/soak.test.ts",
  "test/examples/compare-whole.test.ts",
];

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
    maxWorkers: "100%", // many tests wait for a child process or a timer: a core kept free would idle
    coverage: {
      // What is pure can be tested to its last branch by a table. The rest is tested by what it does.
      include: layers.filter(({ pure }) => pure).flatMap(({ files }) => files.map(inCredential)),
      thresholds: { 100: true },
      reporter: [["text", { skipFull: true }]],
    },
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...slow],
          testTimeout: 20_000, // a test may start a program, on a machine that is busy with others
        },
      },
      {
        extends: true,
        test: { name: "slow", include: slow, testTimeout: 120_000, hookTimeout: 240_000 },
      },
    ],
  },
});
