/** Control characters but the line feed, and the invisible ones that reorder or hide text. */
// oxlint-disable-next-line no-control-regex -- to take them out
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Text from outside as it may stand on a terminal: lines stay, what could steer the terminal or hide something goes. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\t/g, "  ").replace(unprintable, "");
}

/** Text from outside on one line. */
export function plain(text: string): string {
  return plainLines(text)
    .replace(/\s*\n\s*/g, " ")
    .trim();
}

/** Scheme, host, port and path of a URL; user name, password and query may hold secrets. */
export function plainUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // `localhost:8081` parses too, as the scheme "localhost:".
  return url?.host ? `${url.protocol}//${url.host}${url.pathname}` : plain(value);
}
