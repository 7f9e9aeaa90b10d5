import type { Environment } from "./io.ts";

/** What stands in place of a secret or a token. */
export const redacted = "[redacted]";

/** Header and payload of a JWT always begin with `{"`, which is `eyJ` in base64url; the rest may be cut off. */
const jwt = /\beyJ[\w-]{10,}(?:\.[\w-]*)*/g;

/** The text as anybody may see it: without the endpoint's secret, and without anything that looks like a token. */
export function redact(text: string, env: Environment): string {
  return withoutSecret(text, env).replace(jwt, redacted);
}

/** No host gives a longer secret, and a pattern of some 64 Ki is more than a RegExp takes: its error would quote it. */
const maxPatternLength = 4096;

/** The text without the endpoint's secret, in either of its variables, in any letter case, as it is and as a URL or JSON spells it. */
export function withoutSecret(text: string, env: Environment): string {
  return [env["IDENTITY_HEADER"] ?? "", env["MSI_SECRET"] ?? ""]
    .filter((secret) => secret.trim() !== "")
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .reduce(without, text);
}

function without(text: string, secret: string): string {
  return secret.length > maxPatternLength
    ? text.replaceAll(secret, redacted)
    : text.replace(new RegExp(secret.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`), "gi"), redacted);
}
