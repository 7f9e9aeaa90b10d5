const token = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** The text without tokens and the given secrets, whichever credential may have let them into a message. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const withoutTokens = text.replaceAll(token, "[token]");
  return secrets.reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, "[secret]") : rest), withoutTokens);
}
