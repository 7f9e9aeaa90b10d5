import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toResource } from "./scope.ts";

const suffix = "/.default";

describe("the resource of a scope", () => {
  it.each([
    ["https://vault.azure.net/.default", "https://vault.azure.net"],
    ["https://management.azure.com//.default", "https://management.azure.com/"],
    ["https://a.net///.default", "https://a.net//"],
    ["https://vault.azure.net", "https://vault.azure.net"],
    ["https://vault.azure.net/", "https://vault.azure.net/"],
    ["api://00001111-aaaa-2222-bbbb-3333cccc4444/.default", "api://00001111-aaaa-2222-bbbb-3333cccc4444"],
    ["00001111-aaaa-2222-bbbb-3333cccc4444", "00001111-aaaa-2222-bbbb-3333cccc4444"],
    ["https://a.net/.default/.default", "https://a.net/.default"],
    ["https://a.net/.default/", "https://a.net/.default/"],
    ["https://a.net/.DEFAULT", "https://a.net/.DEFAULT"],
    ["https://a.net/user_impersonation", "https://a.net/user_impersonation"],
    ["https://a.net.default", "https://a.net.default"],
    ["https://a.net/.default?x=1", "https://a.net/.default?x=1"],
    [" https://a.net/.default", " https://a.net"],
  ])("%j is asked for as %j", (scope, resource) => {
    expect(toResource(scope)).toBe(resource);
    expect(toResource([scope])).toBe(resource);
  });

  it("trap: one slash more is another audience, so slashes stay", () => {
    expect(toResource("https://vault.azure.net//.default")).not.toBe(toResource("https://vault.azure.net/.default"));
  });

  it("is any text that is not blank, with or without the suffix", () => {
    const resources = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(resources, (resource) => {
        expect(toResource(resource + suffix)).toBe(resource);
        expect(toResource([resource + suffix])).toBe(resource);
        fc.pre(!resource.endsWith(suffix));
        expect(toResource(resource)).toBe(resource);
      }),
    );
  });
});

describe("a scope without a resource is refused with INVALID_SCOPE", () => {
  it.each([
    ["", '""'],
    [" \t\n", '" \\t\\n"'],
    ["/.default", '"/.default"'],
    ["  /.default", '"  /.default"'],
    [[""], '""'],
    [["/.default"], '"/.default"'],
    [[], "no scope"],
    [["https://a.net/.default", "https://b.net/.default"], "2 scopes"],
    [["https://a.net", "https://a.net"], "2 scopes"],
    [["https://a.net", "", ""], "3 scopes"],
  ])("%j", (scopes, named) => {
    const refusal = { name: "AuthenticationError", code: "INVALID_SCOPE", message: expect.stringContaining(named) };
    expect(() => toResource(scopes)).toThrow(expect.objectContaining(refusal));
  });
});

it.each([undefined, null, 1, {}, [1], ["https://a.net", 2], [undefined], new Set(["https://a.net"])])(
  "what is no scope at all is a TypeError: %j",
  (scopes) => {
    expect(() => toResource(scopes as string)).toThrow(TypeError);
  },
);
