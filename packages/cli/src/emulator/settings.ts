import { UsageError } from "../failure.ts";

/** A name with settings, as people write them: `status-429,times=2` or, on a command line of its own, `status-429 times=2`. */
export interface NamedSettings {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Reads a name and the `key=value` words after it.
 *
 * @throws UsageError for a word that is neither, or a key that is given twice.
 */
export function readSettings([name = "", ...words]: readonly string[]): NamedSettings {
  const settings: Record<string, string> = {};
  for (const word of words) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new UsageError(`"${word}" is no setting. Write it as key=value.`);
    }
    if (Object.hasOwn(settings, key)) {
      throw new UsageError(`${key} is given twice.`);
    }
    settings[key] = value;
  }
  return { name, settings };
}

/** The same in one word: `status-429,times=2`. */
export function readSpec(spec: string): NamedSettings {
  return readSettings(spec.split(",").map((word) => word.trim()));
}
