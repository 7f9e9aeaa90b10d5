/** A shorter piece of base64 or hexadecimal may be there by chance. */
const minEncodedLength = 8;

/**
 * The text as a pattern, in every spelling in which programs pass it on: in any letter case, and as URLs, JSON, HTML, base64
 * (whatever stands in front of it) and hexadecimal write it.
 */
export function anySpelling(text: string): string {
  const encoded = [...base64Cores(text), Buffer.from(text).toString("hex")];
  return [text, ...encoded.filter(({ length }) => length >= minEncodedLength)].map(spell).join("|");
}

/** Base64 differs by how many bytes stand in front. What the neighbours have a part in is left out: less than a byte at each end. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((bytesInFront) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesInFront), Buffer.from(text)]);
    return bytes.toString("base64").slice(Math.ceil((bytesInFront * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}

function spell(text: string): string {
  return Array.from(text, spellCharacter).join("");
}

/**
 * Letters and digits are the same in every spelling. A URL within a URL has `%25` for `%`, and base64 for URLs `-` and `_`.
 * Every repetition has a limit: a text made for it must not keep the pattern busy.
 */
function spellCharacter(character: string): string {
  if (/^\w$/.test(character)) {
    return character;
  }
  const code = character.codePointAt(0) as number;
  const inUrl = Buffer.from(character)
    .toString("hex")
    .replace(/../g, (byte) => `%(?:25){0,3}${byte}`);
  const inJson = String.raw`\\{1,4}u${code.toString(16).padStart(4, "0")}`;
  const inHtml = `&#(?:0{0,4}${code}|x0{0,4}${code.toString(16)});`;
  const escaped = character === "\\" ? "\\\\" : `\\\\{0,3}\\${character}`;
  const inBase64Url = { "+": "|-", "/": "|_" }[character] ?? "";
  return `(?:${escaped}|${inUrl}|${inJson}|${inHtml}${inBase64Url})`;
}
