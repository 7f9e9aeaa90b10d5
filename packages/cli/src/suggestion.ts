import { closestMatch } from "leven";

/** A typo is a few letters, and less than half of a word: more make another word. */
const mostLetters = 4;

/** The name that was probably meant by a word that is none. */
export function closestName(word: string, names: readonly string[]): string | undefined {
  const maxDistance = Math.min(mostLetters, Math.floor(word.length / 2));
  return maxDistance === 0 ? undefined : closestMatch(word, names, { maxDistance });
}
