import { readInput, report } from "./contestant.ts";

const { module } = readInput();
const start = performance.now();
await import(module);
report(performance.now() - start);
