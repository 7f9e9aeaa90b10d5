// Many callers at once, before there is any token.
import { loadCredential, readInput, report, storageScope } from "./contestant.ts";

const { module, callers } = readInput() as { module: string; callers: number };
const credential = new (await loadCredential(module))();
const start = performance.now();
const outcomes = await Promise.allSettled(Array.from({ length: callers }, () => credential.getToken(storageScope)));
const durationInMs = performance.now() - start;
const failed = outcomes.filter(({ status }) => status === "rejected").length;
report({ durationInMs, failed });
