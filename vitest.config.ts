import { configDefaults, defineConfig } from "vitest/config";
import { ClosingLine } from "./scripts/closing-line.ts";

/** Tests that install packages or start whole programs: `pnpm check` runs them, `pnpm test` leaves them out. */
const slow = ["test/package/**/*.test.ts", "test/simulation/planted-bugs.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
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
