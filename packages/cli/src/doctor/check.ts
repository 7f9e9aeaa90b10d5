import type { Facts } from "./facts.ts";

/** What a check found. */
export interface Finding {
  /** `skip`: there was nothing to look at. */
  readonly status: "pass" | "warn" | "fail" | "skip";
  /** Why, in half a sentence. */
  readonly reason: string;
  /** What to do, where it is something else than usual. */
  readonly remedy?: string;
}

/** A way in which managed identity goes wrong. */
export interface Check {
  readonly name: string;
  /** What holds when it passes. */
  readonly title: string;
  /** What to do when it does not. */
  readonly remedy: string;
  /** What the command returns when it fails. */
  readonly exitCode: number;
  judge(facts: Facts): Finding;
}

/** The check holds. */
export function pass(reason: string): Finding {
  return { status: "pass", reason };
}

/** It holds, but trouble may come of it. */
export function warn(reason: string, remedy?: string): Finding {
  return { status: "warn", reason, ...(remedy === undefined ? {} : { remedy }) };
}

/** It does not hold, and there is no token because of it. */
export function fail(reason: string, remedy?: string): Finding {
  return { status: "fail", reason, ...(remedy === undefined ? {} : { remedy }) };
}

/** There was nothing to look at. */
export function skip(reason: string): Finding {
  return { status: "skip", reason };
}
