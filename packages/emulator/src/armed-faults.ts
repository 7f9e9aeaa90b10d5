import type { Clock } from "./clock.ts";
import { faultTable } from "./fault-table.ts";
import type { Fault, FaultName, FaultParameter, FaultParameters } from "./faults.ts";
import type { Identity } from "./identities.ts";
import type { Ask } from "./token-request.ts";

/** A fault as one may pick it from a list. */
export interface FaultSummary {
  readonly name: FaultName;
  readonly summary: string;
  /** What a good client does about it. */
  readonly advice: string;
  readonly parameters: Readonly<Record<string, FaultParameter>>;
  /** How long it stays armed unless told otherwise. Absent: until it is cleared. */
  readonly usuallyForInMs?: number;
}

/** For whom and how long a fault is armed. Without any of these: for every request, until it is cleared. */
export interface ArmOptions {
  /** Only for the next so many requests that it touches. */
  readonly times?: number;
  /** Only for so long, on the emulator's clock. */
  readonly forInMs?: number;
  /** Only for requests for this resource, spelt as in the request. */
  readonly resource?: string;
  /** Only for requests that would get this identity's token: any of its ids, or its name. */
  readonly identity?: string;
}

/** A fault that is waiting for requests. */
export interface ArmedFault {
  readonly id: number;
  readonly name: FaultName;
  /** How many more requests it touches. Absent: any number. */
  readonly times?: number;
  /** When it ends by itself, in milliseconds since 1970. Absent: never. */
  readonly until?: number;
  readonly resource?: string;
  readonly identity?: string;
  /** Its parameters, defaults filled in. */
  readonly parameters: Readonly<Record<string, number | string>>;
}

/**
 * Faults to be met by the next requests. Where several would touch a request, the one armed first does, and only that
 * one: armed one after another with `times`, they make a script.
 */
export interface Faults {
  /** All there are. */
  list(): readonly FaultSummary[];
  /** Those that are armed now, oldest first. */
  armed(): readonly ArmedFault[];
  /**
   * Arms a fault.
   *
   * @throws TypeError for a name, option or parameter that there is not, or a value that will not do.
   */
  arm<Name extends FaultName>(name: Name, options?: ArmOptions & Partial<FaultParameters[Name]>): ArmedFault;
  /**
   * Clears one fault by its `id`, all of a name, or all.
   *
   * @throws TypeError for a name that there is not.
   */
  clear(which?: number | FaultName): void;
}

/** A fault that touches the request at hand. */
export interface MetFault {
  readonly name: FaultName;
  readonly effect: Fault["effect"];
  readonly values: object;
}

/** What a fault does at these stages it can do only to a request that gets a token; it waits for one. */
const tokenStages: readonly (keyof Fault["effect"])[] = ["otherIdentity", "expiresOn", "body", "reply"];

/** The armed faults of one emulator. */
export class ArmedFaults implements Faults {
  readonly #clock: Clock;
  readonly #identities: readonly Identity[] | undefined;
  readonly #onChange: () => void;
  #armed: ArmedFault[] = [];
  #lastId = 0;

  /** Without `identities`, any may be asked for, and a fault may be armed for any. */
  constructor(clock: Clock, identities: readonly Identity[] | undefined, onChange: () => void) {
    this.#clock = clock;
    this.#identities = identities;
    this.#onChange = onChange;
  }

  list(): readonly FaultSummary[] {
    return Object.entries(faultTable).map(([name, { summary, advice, parameters, usuallyForInMs }]) => ({
      name: toFaultName(name),
      summary,
      advice,
      parameters: { ...parameters },
      ...(usuallyForInMs === undefined ? {} : { usuallyForInMs }),
    }));
  }

  armed(): readonly ArmedFault[] {
    const now = this.#clock.now();
    this.#armed = this.#armed.filter(({ until }) => until === undefined || now < until);
    return [...this.#armed];
  }

  arm(name: FaultName, options: ArmOptions & Readonly<Record<string, unknown>> = {}): ArmedFault {
    const fault: Fault = faultTable[toFaultName(name)];
    const { times, forInMs = fault.usuallyForInMs, resource, identity, ...parameters } = options;
    check(times === undefined || (Number.isSafeInteger(times) && times > 0), "times is a whole number, 1 or more");
    check(times === undefined || !fault.effect.silences, `${name} touches no requests, so it takes no "times"`);
    check(forInMs === undefined || (typeof forInMs === "number" && forInMs > 0), "forInMs is a number above 0");
    check(resource === undefined || typeof resource === "string", "resource is text");
    check(identity === undefined || typeof identity === "string", "identity is text");
    this.#checkIdentity(identity);
    const armed: ArmedFault = Object.freeze({
      id: ++this.#lastId,
      name,
      ...(times === undefined ? {} : { times }),
      ...(forInMs === undefined || forInMs === Infinity ? {} : { until: this.#clock.now() + forInMs }),
      ...(resource === undefined ? {} : { resource }),
      ...(identity === undefined ? {} : { identity }),
      parameters: fillIn(name, { ...fault.parameters }, parameters),
    });
    this.#armed.push(armed);
    this.#onChange();
    return armed;
  }

  clear(which?: number | FaultName): void {
    if (typeof which === "string") {
      toFaultName(which);
    }
    this.#armed = this.#armed.filter(({ id, name }) => which !== undefined && which !== id && which !== name);
    this.#onChange();
  }

  /** The fault that touches a request, counted as one of its times. `granted` is whose token is due, if one is. */
  meet(ask: Ask, granted: Identity | undefined): MetFault | undefined {
    const met = this.armed().find((armed) => touches(armed, ask, granted));
    if (met === undefined) {
      return undefined;
    }
    if (met.times !== undefined) {
      const left = { ...met, times: met.times - 1 };
      this.#armed = this.#armed.flatMap((armed) => (armed.id !== met.id ? [armed] : left.times > 0 ? [left] : []));
      this.#onChange();
    }
    return { name: met.name, effect: faultTable[met.name].effect, values: met.parameters };
  }

  /** When the emulator may listen again: `undefined` now, `Infinity` when told to. */
  silentUntil(): number | undefined {
    const ends = this.armed()
      .filter(({ name }) => faultTable[name].effect.silences)
      .map(({ until }) => until ?? Infinity);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  #checkIdentity(text: string | undefined): void {
    if (text !== undefined && this.#identities !== undefined) {
      const names = this.#identities.map(({ name }) => name).join(", ");
      const known = this.#identities.some((identity) => isCalled(identity, text));
      check(known, `the app has no identity "${text}"; it has ${names}`);
    }
  }
}

function touches(armed: ArmedFault, ask: Ask, granted: Identity | undefined): boolean {
  const { effect }: Fault = faultTable[armed.name];
  const { resource, identity, parameters } = armed;
  const needsToken = tokenStages.some((stage) => stage in effect);
  return (
    !effect.silences &&
    (granted !== undefined || !needsToken) &&
    (resource === undefined || resource === ask.resource) &&
    (identity === undefined || (granted !== undefined && isCalled(granted, identity))) &&
    (effect.touches?.(ask, parameters) ?? true)
  );
}

function isCalled(identity: Identity, text: string): boolean {
  return Object.values(identity).some((own: string) => own.toLowerCase() === text.toLowerCase());
}

function toFaultName(name: string): FaultName {
  check(isFaultName(name), `there is no fault "${name}"; the faults are ${Object.keys(faultTable).join(", ")}`);
  return name;
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultTable, name);
}

function fillIn(
  faultName: FaultName,
  known: Readonly<Record<string, FaultParameter>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number | string>> {
  const names = Object.keys(known);
  for (const name of Object.keys(given)) {
    const own = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    check(names.includes(name), `the fault ${faultName} has no parameter "${name}"; ${own}`);
  }
  const values: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(known)) {
    const value = given[name] ?? parameter.default;
    if (value !== undefined) {
      values[name] = accept(name, parameter, value);
    }
  }
  return values;
}

function accept(name: string, parameter: FaultParameter, value: unknown): number | string {
  if (parameter.type === "number") {
    const { lowest = 0, highest = Number.MAX_SAFE_INTEGER } = parameter;
    check(
      typeof value === "number" && Number.isSafeInteger(value) && value >= lowest && value <= highest,
      `${name} is a whole number from ${lowest} to ${highest}`,
    );
    return value;
  }
  const { choices } = parameter;
  check(
    typeof value === "string" && (choices === undefined || choices.includes(value)),
    `${name} is ${choices === undefined ? "text" : `one of ${choices.join(", ")}`}`,
  );
  return value;
}

function check(holds: boolean, message: string): asserts holds {
  if (!holds) {
    throw new TypeError(message);
  }
}
