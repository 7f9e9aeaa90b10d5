/** Characters that JSON leaves as they are, and that could steer a terminal or hide text. */
const unprintable = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** A value as JSON for people and programs: indented, and without a character that a terminal would obey. */
export function toJson(value: unknown): string {
  return escaped(JSON.stringify(value, undefined, 2));
}

/** A value as JSON on one line, for streams of them. */
export function toJsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  // Such characters occur in texts only, where an escape means the same.
  return json.replace(unprintable, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
