import type { ArmOptions, FaultName, FaultSummary } from "@appservice-msi/emulator";
import { UsageError } from "../failure.ts";
import { toResource } from "../resource.ts";
import { closestName } from "../suggestion.ts";
import type { NamedSettings } from "./settings.ts";

/** A fault to be armed. The emulator checks what the settings hold. */
export interface WantedFault {
  readonly name: FaultName;
  readonly options: ArmOptions & Readonly<Record<string, number | string>>;
}

/** For whom and how long a fault is armed, whichever it is. */
export const armSettings: Readonly<Record<keyof ArmOptions, { readonly number: boolean; readonly summary: string }>> = {
  times: { number: true, summary: "only for the next so many requests" },
  forInMs: { number: true, summary: "only for so many milliseconds" },
  resource: { number: false, summary: "only for requests for this resource, by short name or as it is asked for" },
  identity: { number: false, summary: "only for requests that would get this identity's token, by any id or its name" },
};

/**
 * The fault that a name with settings stands for, among those that an emulator knows.
 *
 * @throws UsageError when there is none of that name, or a number is none.
 */
export function toFault({ name, settings }: NamedSettings, known: readonly FaultSummary[]): WantedFault {
  const fault = known.find((candidate) => candidate.name === name);
  if (fault === undefined) {
    const names = known.map((candidate) => candidate.name);
    const closest = closestName(name, names);
    const advice = closest === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${closest}?`;
    throw new UsageError(`There is no fault "${name}". ${advice}`);
  }
  const isNumber = (key: string): boolean =>
    fault.parameters[key]?.type === "number" || (key in armSettings && armSettings[key as keyof ArmOptions].number);
  const options = Object.entries(settings).map(([key, value]) => [
    key,
    isNumber(key) ? toNumber(key, value) : key === "resource" ? toResource(value) : value,
  ]);
  return { name: fault.name, options: Object.fromEntries(options) };
}

function toNumber(key: string, value: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(value)) {
    throw new UsageError(`${key} takes a number, not "${value}".`);
  }
  return Number(value);
}
