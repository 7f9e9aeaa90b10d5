import type { Comparison, Row } from "./comparison.ts";
import { judge } from "./judge.ts";
import type { Outcome } from "./outcome.ts";
import { runTrial } from "./run-trial.ts";
import type { Scenario } from "./scenario.ts";
import { groups } from "./scenarios.ts";
import { describeSetting } from "./setting.ts";
import { Stages } from "./stages.ts";
import { type Subject, subjects } from "./subjects.ts";

interface Trial {
  readonly subject: Subject;
  readonly scenario: Scenario;
}

/** Trials that compute run two at a time: one for each core of a small machine, so that they do not slow each other down. */
const atATime = 2;
/** Those that mostly wait need no core, so more of them run beside. */
const waitingAtATime = 10;

/** How a comparison is run. */
export interface CompareOptions {
  readonly wanted: (scenario: Scenario) => boolean;
  /** What the reader runs to get the same. */
  readonly command: string;
  readonly onProgress?: (done: number, of: number) => void;
  /** Ends it early. */
  readonly abortSignal: AbortSignal;
}

/**
 * Tries every credential in every scenario that is wanted.
 *
 * @throws the reason of the signal when that is aborted, or Error when a trial could not be made.
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const start = performance.now();
  const chosen = groups
    .map((group) => ({ ...group, scenarios: group.scenarios.filter(options.wanted) }))
    .filter(({ scenarios }) => scenarios.length > 0);
  const trials = chosen
    .flatMap(({ scenarios }) => scenarios)
    .flatMap((scenario) => subjects.map((subject) => ({ subject, scenario })));
  const outcomes = await tryAll(trials, options);
  const rowOf = (scenario: Scenario): Row => judge(scenario, outcomes.get(scenario) ?? []);
  return {
    setting: describeSetting(options.command, performance.now() - start),
    subjects: subjects.map(({ name, package: from, setUp }) => ({ name, package: from, setUp })),
    groups: chosen.map(({ title, intro, scenarios }) => ({ title, intro, rows: scenarios.map(rowOf) })),
  };
}

/** The outcomes of each scenario, in the order of the subjects. */
async function tryAll(trials: readonly Trial[], options: CompareOptions): Promise<Map<Scenario, Outcome[]>> {
  await using stages = await Stages.open();
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, options.abortSignal]);
  const outcomes = new Map<Scenario, Outcome[]>();
  let done = 0;
  const perform = async ({ subject, scenario }: Trial): Promise<void> => {
    const ofScenario = outcomes.get(scenario) ?? [];
    outcomes.set(scenario, ofScenario);
    try {
      ofScenario[subjects.indexOf(subject)] = await runTrial(subject, scenario, stages, signal);
      options.onProgress?.(++done, trials.length);
    } catch (error) {
      failure.abort(error); // the others end too, and the stages are cleared when all have
    }
  };
  const waits = ({ scenario }: Trial): number => scenario.waitsInMs ?? 0;
  const longestFirst = trials.toSorted((one, other) => waits(other) - waits(one));
  const waiting = longestFirst.filter((trial) => waits(trial) > 0);
  const computing = trials.filter((trial) => waits(trial) === 0);
  await Promise.all([inLanes(waiting, waitingAtATime, perform, signal), inLanes(computing, atATime, perform, signal)]);
  signal.throwIfAborted();
  return outcomes;
}

/** Does the work on every item, so many at a time, until all are done or the signal is aborted. */
async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) {
      if (signal.aborted) {
        return;
      }
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
