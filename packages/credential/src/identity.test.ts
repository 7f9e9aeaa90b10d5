import { describe, expect, it } from "vitest";
import type { Environment } from "./endpoint.ts";
import { chooseIdentity, describeIdentity, type Identity, type IdentityOptions } from "./identity.ts";

const id = "00001111-aaaa-2222-bbbb-3333cccc4444";
const resourceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/n";
const withClientId: Environment = { AZURE_CLIENT_ID: "99999999-aaaa-2222-bbbb-3333cccc4444" };

describe("the identity is", () => {
  it.each<[what: string, options: IdentityOptions, env: Environment, identity: Identity]>([
    ["system-assigned without an id", {}, {}, { kind: "systemAssigned" }],
    ["that of managedIdentityClientId", { managedIdentityClientId: id }, {}, { kind: "clientId", id }],
    [
      "that of managedIdentityResourceId",
      { managedIdentityResourceId: resourceId },
      {},
      { kind: "resourceId", id: resourceId },
    ],
    ["that of managedIdentityObjectId", { managedIdentityObjectId: id }, {}, { kind: "objectId", id }],
    ["that of clientId", { clientId: id }, {}, { kind: "clientId", id }],
    ["that of resourceId", { resourceId }, {}, { kind: "resourceId", id: resourceId }],
    ["that of objectId", { objectId: id }, {}, { kind: "objectId", id }],
    ["that of AZURE_CLIENT_ID without an id", {}, { AZURE_CLIENT_ID: id }, { kind: "clientId", id }],
    [
      "that of AZURE_CLIENT_ID without the white space around it",
      {},
      { AZURE_CLIENT_ID: ` ${id}\n` },
      { kind: "clientId", id },
    ],
    [
      "that of AZURE_CLIENT_ID where the option is undefined",
      { clientId: undefined },
      { AZURE_CLIENT_ID: id },
      { kind: "clientId", id },
    ],
    ["system-assigned where AZURE_CLIENT_ID is empty", {}, { AZURE_CLIENT_ID: "" }, { kind: "systemAssigned" }],
    ["system-assigned where AZURE_CLIENT_ID is blank", {}, { AZURE_CLIENT_ID: " \t" }, { kind: "systemAssigned" }],
    ["that of an option before AZURE_CLIENT_ID", { clientId: id }, withClientId, { kind: "clientId", id }],
    ["that of another kind of id before AZURE_CLIENT_ID", { objectId: id }, withClientId, { kind: "objectId", id }],
    [
      "trap: system-assigned where the option is empty, AZURE_CLIENT_ID or not",
      { managedIdentityClientId: "" },
      withClientId,
      { kind: "systemAssigned" },
    ],
    ["system-assigned where any option is empty", { resourceId: "" }, withClientId, { kind: "systemAssigned" }],
    [
      "the one named beside options that are empty",
      { clientId: "", resourceId: "", objectId: id },
      withClientId,
      { kind: "objectId", id },
    ],
  ])("%s", (_what, options, env, identity) => {
    expect(chooseIdentity(options, env)).toEqual(identity);
  });

  it("that of AZURE_CLIENT_ID where the option is null, as JavaScript may pass it", () => {
    const options = { managedIdentityClientId: null } as unknown as IdentityOptions;
    expect(chooseIdentity(options, withClientId)).toEqual({ kind: "clientId", id: withClientId["AZURE_CLIENT_ID"] });
  });

  it("trap: chosen without a change to the options", () => {
    const options = Object.freeze({ managedIdentityClientId: undefined, objectId: id });
    chooseIdentity(options, withClientId);
    expect(options).toEqual({ managedIdentityClientId: undefined, objectId: id });
  });
});

describe("a TypeError says", () => {
  it.each<[what: string, options: IdentityOptions, named: string[]]>([
    ["which two ids are given", { clientId: id, resourceId }, ["clientId and resourceId"]],
    [
      "that the same kind is given under both names",
      { managedIdentityClientId: id, clientId: id },
      ["managedIdentityClientId and clientId"],
    ],
    [
      "which three ids are given",
      { managedIdentityResourceId: resourceId, clientId: id, objectId: id },
      ["managedIdentityResourceId", "clientId", "objectId"],
    ],
    ["which id is blank", { clientId: id, managedIdentityObjectId: " " }, ["managedIdentityObjectId is blank"]],
    ["that an id is a number", { clientId: 1 as unknown as string }, ["clientId must be a string"]],
    ["that an id is an object", { resourceId: {} as unknown as string }, ["resourceId must be a string"]],
  ])("%s", (_what, options, named) => {
    for (const text of named) {
      expect(() => chooseIdentity(options, {})).toThrow(
        expect.objectContaining({ name: "TypeError", message: expect.stringContaining(text) }),
      );
    }
  });

  it("of two ids only which are given, not one that is empty", () => {
    const options = { managedIdentityClientId: "", resourceId, objectId: id };
    expect(() => chooseIdentity(options, {})).toThrow(/^resourceId and objectId are given/);
  });
});

describe("an identity is called", () => {
  it.each<[words: string, identity: Identity]>([
    ["system-assigned identity", { kind: "systemAssigned" }],
    [`user-assigned identity with client id ${id}`, { kind: "clientId", id }],
    [`user-assigned identity with resource id ${resourceId}`, { kind: "resourceId", id: resourceId }],
    [`user-assigned identity with object id ${id}`, { kind: "objectId", id }],
    ["user-assigned identity with client id a [31mb", { kind: "clientId", id: "a\r\n\u001B[31mb" }],
    [`user-assigned identity with client id ${"x".repeat(500)}…`, { kind: "clientId", id: "x".repeat(501) }],
  ])("%s", (words, identity) => {
    expect(describeIdentity(identity)).toBe(words);
  });
});
