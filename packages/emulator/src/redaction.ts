/** Longer texts are cut: what arrives in a request may be of any size. */
const longestText = 500;

/** Everything that has the three parts of a signed token. */
const tokenLike = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

// oxlint-disable-next-line no-control-regex -- to take them out
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Text from outside, fit to be kept and shown: no secret, no token, no control characters, not too long. */
export function toSafeText(text: string, secret?: string): string {
  const withoutSecret = secret === undefined ? text : text.replaceAll(secret, "[secret]");
  const safe = withoutSecret.replace(tokenLike, "[token]").replace(controlCharacters, "\uFFFD");
  return safe.length > longestText ? `${safe.slice(0, longestText)}…` : safe;
}
