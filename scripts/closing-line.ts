import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Ends the report with `N passed, N failed`, plain and alone on its line, for those who read it with a script. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failed = tests.filter((test) => test.result().state === "failed").length;
    // A file that cannot be loaded, a hook or a stray rejection fails the run, though no test of its own does.
    const broken = modules.filter((module) => module.state() === "failed" && !hasFailedTest(module)).length;
    console.log(`${passed} passed, ${failed + broken + unhandledErrors.length} failed`);
  }
}

function hasFailedTest(module: TestModule): boolean {
  return module.children.allTests("failed").next().done === false;
}
