import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, redact, redacted } from "./printable.ts";

const secret = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a";
const jwt = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL3ZhdWx0LmF6dXJlLm5ldCJ9.c2ln_bmF0-dXJl";

function charactersTo(last: number): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: last }).map((code) => String.fromCodePoint(code));
}

describe("text from outside is shown", () => {
  it.each([
    ["as it is", "No MSI found for specified ClientId/ResourceId.", "No MSI found for specified ClientId/ResourceId."],
    ["with its letters of any script", "Identität 身份 🔑", "Identität 身份 🔑"],
    ["without white space around it", "  No.\t", "No."],
    ["on one line", "one\r\ntwo\nthree", "one two three"],
    [
      "on one line, whatever a line break is made of",
      "one\u0085two\u2028three\u2029four\u000Bfive",
      "one two three four five",
    ],
    ["without terminal escapes", "\u001B[31mred\u001B[0m \u009B1mbold", "[31mred [0m  1mbold"],
    ["without a bell, a null or a backspace", "a\u0007b\u0000c\u0008d\u007Fe", "a b c d e"],
    ["without marks that turn its direction", "abc\u202Etxt.exe\u2066", "abc txt.exe"],
    ["without characters of no width", "a\u200Bb\uFEFFc\u00ADd", "a b c d"],
    ["as nothing, if it is made of control characters", "\u0000\r\n\u001B", ""],
    ["as nothing, if it is nothing", "", ""],
  ])("%s", (_how, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("up to 500 characters, and with a mark where it was cut", () => {
    expect(printable("x".repeat(500))).toBe("x".repeat(500));
    expect(printable("x".repeat(501))).toBe(`${"x".repeat(500)}…`);
  });

  it("without half a character where it was cut", () => {
    const shown = printable(`${"x".repeat(499)}🔑🔑`);
    expect(shown).toBe(`${"x".repeat(499)}\uFFFD…`);
    expect(printable("\uD83D")).toBe("\uFFFD");
  });
});

describe("a secret is replaced", () => {
  it.each([
    ["wherever it stands", `a ${secret} b ${secret}`, `a ${redacted} b ${redacted}`],
    ["within a word", `key=${secret}x`, `key=${redacted}x`],
    ["in upper case", `a ${secret.toUpperCase()} b`, `a ${redacted} b`],
    ["in mixed case", `a ${secret.replace("b", "B")} b`, `a ${redacted} b`],
  ])("%s", (_where, text, shown) => {
    expect(printable(text, [secret])).toBe(shown);
  });

  it("as a URL spells it, in either letter case of the escapes", () => {
    const odd = "a b/c+d=é";
    expect(printable(`?x=${encodeURIComponent(odd)}&y`, [odd])).toBe(`?x=${redacted}&y`);
    expect(printable(`?x=${encodeURIComponent(odd).toLowerCase()}&y`, [odd])).toBe(`?x=${redacted}&y`);
  });

  it.each([
    ["by a URL within a URL", encodeURIComponent(encodeURIComponent("k9Qz/secret+8f4e=="))],
    ["by JSON that escapes what HTML minds", String.raw`k9Qz\/secret\u002B8f4e\u003D\u003D`],
    ["by JSON within JSON", String.raw`k9Qz\\/secret\\u002b8f4e==`],
    ["by HTML, in decimal", "k9Qz&#47;secret&#043;8f4e=&#61;"],
    ["by HTML, in hexadecimal", "k9Qz&#x2F;secret&#x2b;8f4e==;"],
    ["in hexadecimal", Buffer.from("k9Qz/secret+8f4e==").toString("hex").toUpperCase()],
    ["in base64", Buffer.from("k9Qz/secret+8f4e==").toString("base64")],
    ["in base64, behind a user name", Buffer.from("a:k9Qz/secret+8f4e==").toString("base64")],
    ["in base64, in the middle", Buffer.from("?k9Qz/secret+8f4e==&").toString("base64")],
    ["in base64 for URLs", Buffer.from("k9Qz/secret+8f4e==").toString("base64url")],
  ])("%s", (_where, spelled) => {
    const [before, after] = redact(`<${spelled}>`, ["k9Qz/secret+8f4e=="]).split(redacted) as [string, string];
    expect(before.length + after.length).toBeLessThanOrEqual(8); // of base64, what it shares with its neighbours
  });

  it("and nothing is taken for a spelling of a short one", () => {
    expect(redact(`${Buffer.from("one").toString("base64")} ${Buffer.from("one").toString("hex")}`, ["one"])).toBe(
      "b25l 6f6e65",
    );
  });

  it("with backslashes in it, in no time", () => {
    const odd = `${"\\".repeat(200)}x`;
    expect(redact(`<${odd}>${"\\".repeat(100_000)}`, [odd])).toMatch(/^<\[redacted\]>/);
  });

  it("whole, before the text is cut", () => {
    const shown = printable(`${"x".repeat(480)}${secret}`, [secret]);
    expect(shown).toBe(`${"x".repeat(480)}${redacted}`);
    expect(printable(`${"x".repeat(499)}${secret}`, [secret])).not.toContain(secret.slice(0, 2));
  });

  it("each of several", () => {
    expect(printable("one two three", ["one", "three"])).toBe(`${redacted} two ${redacted}`);
  });

  it("and none where it is empty", () => {
    expect(printable("text", [""])).toBe("text");
  });

  it("of any characters, those that mean something in a pattern included", () => {
    const secrets = fc.string({ unit: charactersTo(0xff), minLength: 11 });
    fc.assert(
      fc.property(secrets, (any) => {
        expect(redact(`<${any}>`, [any])).toBe(`<${redacted}>`);
      }),
    );
  });

  it.each(["\uD83D", "a\uDC00b"])("with half a character in it: %j", (half) => {
    expect(redact(`<${half}>`, [half])).toBe(`<${redacted}>`);
  });

  it.each([16 * 1024, 64 * 1024, 1024 * 1024])("of %d characters", (length) => {
    const long = "x-".repeat(length / 2);
    expect(redact(`<${long}>`, [long])).toBe(`<${redacted}>`);
  });
});

describe("a JWT is replaced, whoever wrote it", () => {
  it.each([
    ["whole", `token ${jwt}.`, `token ${redacted}`],
    ["without its signature", jwt.slice(0, jwt.lastIndexOf(".")), redacted],
    ["with an empty signature", `${jwt.slice(0, jwt.lastIndexOf("."))}. `, redacted],
    ["cut within its header", jwt.slice(0, 20), redacted],
    ["behind a word", `Bearer${jwt}`, `Bearer${redacted}`],
    ["in five parts, encrypted", `${jwt}.aaaa.bbbb`, redacted],
    ["twice", `${jwt} ${jwt}`, `${redacted} ${redacted}`],
  ])("%s", (_how, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(redact(text, []).trim()).toBe(shown);
  });

  it("and a word that only begins like one is not", () => {
    expect(printable("eyJonas said")).toBe("eyJonas said");
  });
});

it("no text holds the secret, a control character or more than 501 characters when it is shown", () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: charactersTo(0x10ffff) }), fc.constantFrom(secret, secret.toUpperCase(), jwt, "\r\n")),
  );
  fc.assert(
    fc.property(texts, (parts) => {
      const shown = printable(parts.join(""), [secret]);
      expect(shown.toLowerCase()).not.toContain(secret);
      expect(shown).not.toContain(jwt.slice(0, 14));
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(shown.length).toBeLessThanOrEqual(501);
    }),
  );
});

it("a text is as safe when the secret is all of it, and left alone when it is shorter", () => {
  expect(redact("s3cret", ["s3cret"])).toBe("[redacted]");
  expect(redact("s3cre", ["s3cret"])).toBe("s3cre");
});
