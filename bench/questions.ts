import type { Question } from "./question.ts";
import { bundle } from "./questions/bundle.ts";
import { coldCallers } from "./questions/cold-callers.ts";
import { firstTokenTime } from "./questions/first-token.ts";
import { importTime } from "./questions/import.ts";
import { installation } from "./questions/install.ts";
import { lateEndpoint } from "./questions/late-endpoint.ts";
import { memory } from "./questions/memory.ts";
import { refresh } from "./questions/refresh.ts";
import { throughput } from "./questions/throughput.ts";
import { warm } from "./questions/warm.ts";

/** All questions, in the order in which they are asked. */
export const questions: readonly Question[] = [
  warm,
  throughput,
  importTime,
  firstTokenTime,
  coldCallers,
  refresh,
  lateEndpoint,
  memory,
  bundle,
  installation,
];
