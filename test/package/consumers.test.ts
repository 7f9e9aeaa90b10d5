import { beforeAll, describe, expect, it } from "vitest";
import { installConsumers } from "./consumers.ts";
import type { Consumers } from "./trial.ts";
import { trials } from "./trials.ts";

let consumers: Consumers;
beforeAll(async () => {
  const installed = await installConsumers();
  consumers = installed;
  return () => installed[Symbol.asyncDispose]();
});

describe("what a user installs works for", () => {
  it.concurrent.each(trials)("$row by $column", async (trial) => {
    expect(await trial.run(consumers)).toBeTruthy();
  });
});
