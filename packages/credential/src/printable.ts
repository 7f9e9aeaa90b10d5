import { anySpelling } from "./spelling.ts";

const maxLength = 500;

/** No host gives a longer secret. A pattern of some 64 Ki is more than a RegExp takes, and its error would quote it. */
const maxSpelledLength = 400;

/** What stands in place of a secret or a token. */
export const redacted = "[redacted]";

/** Header and payload of a JWT always begin with `{"`, which is `eyJ` in base64url; the signature may be cut off. */
const jwt = /eyJ[\w-]{10,}(?:\.[\w-]*)*/g;

/**
 * Text from outside as it may stand in an error or a log: without the given secrets and anything that looks like a JWT,
 * without control characters (no forged log lines, no terminal escapes), and at most 500 characters long.
 */
export function printable(text: string, secrets: readonly string[] = []): string {
  // Whole secrets go first: cutting the text before that could leave a part of one.
  const safe = redact(text, secrets)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  // The cut may go through a character that takes two units.
  return (safe.length > maxLength ? `${safe.slice(0, maxLength)}…` : safe).toWellFormed();
}

/** The text without the given secrets, however they are spelled, and without anything that looks like a JWT. */
export function redact(text: string, secrets: readonly string[]): string {
  const safe = secrets.filter((secret) => secret !== "").reduce(without, text);
  return safe.replace(jwt, redacted);
}

function without(text: string, secret: string): string {
  if (text.length < secret.length) {
    return text; // no spelling is shorter, and the pattern takes longer to make than most headers are long
  }
  return secret.length > maxSpelledLength
    ? text.replaceAll(secret, redacted).replaceAll(encodeURIComponent(secret.toWellFormed()), redacted)
    : text.replace(new RegExp(anySpelling(secret), "gi"), redacted);
}
