import { inspect } from "node:util";

/** Looks like a secret that a host gives, with characters that URLs, JSON and HTML spell in another way. */
export const canarySecret = "k9Qz/CANARYsecret+8f4e2d==";

/** Looks like the token of a managed identity. */
export const canaryToken = [
  toBase64Url({ typ: "JWT", alg: "RS256", kid: "CANARY-key" }),
  toBase64Url({ aud: "https://storage.azure.com", oid: "CANARY-oid", tid: "CANARY-tid" }),
  "CANARYsignature_-x7Qf3Lw",
].join(".");

function toBase64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** So many characters in a row are no coincidence, however the rest was cut off. */
const shortestPart = 8;

/** Not every place is looked at: what is found for sure is a part of 11 characters. */
const stride = 4;

/** Finds any part of the secrets in a text, in plain, in base64, in hexadecimal, in any letter case, and with gaps. */
export class CanarySearch {
  readonly #parts = new Set<string>();

  constructor(...secrets: readonly string[]) {
    for (const spelling of secrets.flatMap(spellingsOf)) {
      for (let start = 0; start + shortestPart <= spelling.length; start += 1) {
        this.#parts.add(spelling.slice(start, start + shortestPart).toLowerCase());
      }
    }
  }

  /** Where the text shows a part of a secret, with what stands around it; `undefined` when it shows none. */
  find(text: string): string | undefined {
    const joined = text.replace(/[\s\p{C}\p{Z}]+/gu, "");
    return this.#findIn(text) ?? this.#findIn(joined);
  }

  #findIn(text: string): string | undefined {
    const lower = text.toLowerCase();
    for (let start = 0; start + shortestPart <= lower.length; start += stride) {
      if (this.#parts.has(lower.slice(start, start + shortestPart))) {
        return `…${text.slice(Math.max(0, start - 80), start + 120)}…`;
      }
    }
    return undefined;
  }
}

/** Base64 looks different by how many bytes stand in front. Its ends are left out: they depend on the neighbours. */
function spellingsOf(secret: string): string[] {
  const shifted = ["", ".", ".."].map((front) => Buffer.from(`${front}${secret}`).toString("base64").slice(4, -4));
  return [
    secret,
    encodeURIComponent(secret),
    ...shifted,
    ...shifted.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    Buffer.from(secret).toString("hex"),
  ];
}

/** Everything that can be got out of a value, as text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  const inspected = inspect(value, {
    depth: Infinity,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
    breakLength: Infinity,
  });
  return `${inspected}\n${JSON.stringify(value) ?? ""}\n${String(value)}`;
}

/** Everything that can be got out of an error and of what caused it. */
export function everythingIn(error: unknown): string {
  const chain: unknown[] = [];
  for (let link: unknown = error; link instanceof Error && !chain.includes(link); link = link.cause) {
    chain.push(link, link.message, link.stack, ...Reflect.ownKeys(link).map((key) => Reflect.get(link as object, key)));
  }
  return [error, ...chain].map(textOf).join("\n");
}
