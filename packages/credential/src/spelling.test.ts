import { describe, expect, it } from "vitest";
import { anySpelling } from "./spelling.ts";

function isFound(text: string, spelt: string): boolean {
  return new RegExp(`^(?:${anySpelling(text)})$`, "i").test(spelt);
}

describe("a secret is found", () => {
  const secret = "?/>>~~???>>~";

  it("in base64 and in the base64 of URLs, where they differ", () => {
    const inBase64 = Buffer.from(secret).toString("base64");
    const inBase64Url = Buffer.from(secret).toString("base64url");
    expect(inBase64).toMatch(/(?=.*\+).*\//);
    expect([inBase64, inBase64Url].map((spelt) => isFound(secret, spelt))).toEqual([true, true]);
  });

  it("in hexadecimal from four bytes on: less may be there by chance", () => {
    expect(isFound("#4u?", Buffer.from("#4u?").toString("hex"))).toBe(true);
    expect(isFound("#4u", Buffer.from("#4u").toString("hex"))).toBe(false);
  });
});
