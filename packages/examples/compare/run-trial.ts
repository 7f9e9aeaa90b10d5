import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Outcome } from "./outcome.ts";
import type { Scenario } from "./scenario.ts";
import type { Stages } from "./stages.ts";
import type { Subject } from "./subjects.ts";

const program = fileURLToPath(new URL("trial.ts", import.meta.url));

/** No trial takes longer: the longest limit of a scenario, its preparations, and a slow machine. */
const timeoutInMs = 60_000;

/** Runs one credential in one scenario, in a process of its own. */
export async function runTrial(
  subject: Subject,
  scenario: Scenario,
  stages: Stages,
  signal: AbortSignal,
): Promise<Outcome> {
  await using stage = await stages.set(scenario);
  const env = {
    // Nothing of this process's own variables: they may name a proxy, a client id or options for Node.
    ...(process.env["SystemRoot"] && { SystemRoot: process.env["SystemRoot"] }),
    NODE_COMPILE_CACHE: stages.compileCache,
    ...(scenario.env?.(stage) ?? stage.env),
    ...subject.env,
  };
  const args = [program, subject.name, scenario.name, stage.emulator.dashboardUrl];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env,
      signal,
      timeout: timeoutInMs,
      killSignal: "SIGKILL",
    });
    return { ...(JSON.parse(stdout) as Outcome), ...stage.seen() };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${subject.name} could not be tried in "${scenario.name}": ${stderr?.trim() || message}`, {
      cause: error,
    });
  }
}
