import { measureDuration, readInput, report } from "./contestant.ts";

const { module } = readInput();
report(await measureDuration(() => import(module)));
