import { exitCodes } from "../exit-codes.ts";
import type { Check, Finding } from "./check.ts";
import type { Facts } from "./facts.ts";

/** A check and what it found; the remedy only where one is needed. */
export interface Diagnosed extends Pick<Check, "name" | "title">, Finding {}

/** What all checks found. */
export interface Diagnosis {
  readonly findings: readonly Diagnosed[];
  /** That of the first check that failed; 0 where none did. */
  readonly exitCode: number;
}

/** Makes all checks on the facts. */
export function diagnose(facts: Facts, checks: readonly Check[]): Diagnosis {
  const judged = checks.map((check) => ({ check, finding: check.judge(facts) }));
  return {
    findings: judged.map(({ check: { name, title, remedy }, finding }) => ({
      name,
      title,
      ...(needsRemedy(finding) ? { remedy } : {}),
      ...finding,
    })),
    exitCode: judged.find(({ finding }) => finding.status === "fail")?.check.exitCode ?? exitCodes.done,
  };
}

function needsRemedy({ status }: Finding): boolean {
  return status === "warn" || status === "fail";
}
