import { describe, expect, it } from "vitest";
import { otherClientId } from "./client-id.ts";
import type { Identity } from "./identity.ts";

const asked = "00001111-aaaa-2222-bbbb-3333cccc4444";
const other = "99999999-aaaa-2222-bbbb-3333cccc4444";
const identity: Identity = { kind: "clientId", id: asked };
const opaque = "opaque-token";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwtWith(claims: unknown): string {
  return `${part({ alg: "none" })}.${part(claims)}.signature`;
}

describe("a token of another identity is found out", () => {
  it.each<[what: string, clientId: unknown, token: string]>([
    ["trap: by the client_id of the answer", other, opaque],
    ["by the client_id of the answer, in upper case", other.toUpperCase(), opaque],
    ["by the client_id of the answer rather than the token's own appid", other, jwtWith({ appid: asked })],
    ["by the token's own appid where the answer has no client_id", undefined, jwtWith({ appid: other })],
    ["by the token's own appid where the answer's client_id is null", null, jwtWith({ appid: other })],
  ])("%s", (_what, clientId, token) => {
    expect(otherClientId(identity, clientId, token)?.toLowerCase()).toBe(other);
  });
});

describe("no doubt is raised", () => {
  it.each<[what: string, identity: Identity, clientId: unknown, token: string]>([
    ["by the client id that was asked for", identity, asked, opaque],
    ["by the same in upper case", identity, asked.toUpperCase(), opaque],
    ["by the same, asked for in upper case", { kind: "clientId", id: asked.toUpperCase() }, asked, opaque],
    ["by the same, asked for with white space around it", { kind: "clientId", id: ` ${asked} ` }, asked, opaque],
    ["by the same in the token", identity, undefined, jwtWith({ appid: asked })],
    ["by the answer's client_id that is right, whatever the token says", identity, asked, jwtWith({ appid: other })],
    ["by a client_id that is no GUID", identity, "SystemAssigned", opaque],
    ["by a client_id that begins with more than a GUID", identity, `/clients/${other}`, opaque],
    ["by a client_id that goes on after a GUID", identity, `${other}/secrets`, opaque],
    ["by a client_id that is empty", identity, "", opaque],
    ["by a client_id that is no text", identity, 42, opaque],
    ["by an answer that says nothing", identity, undefined, opaque],
    ["by a token with a payload that is no JSON", identity, undefined, "eyJ.eyJ.x"],
    ["by a token with a payload of null", identity, undefined, jwtWith(null)],
    ["by a token with a payload of text", identity, undefined, jwtWith("text")],
    ["by a token with an appid that is no GUID", identity, undefined, jwtWith({ appid: "app" })],
    ["by a token without an appid", identity, undefined, jwtWith({ oid: other })],
    ["where the system-assigned identity was asked for", { kind: "systemAssigned" }, other, opaque],
    ["where an object id was asked for", { kind: "objectId", id: asked }, other, opaque],
    ["where a resource id was asked for", { kind: "resourceId", id: asked }, other, opaque],
  ])("%s", (_what, of, clientId, token) => {
    expect(otherClientId(of, clientId, token)).toBeUndefined();
  });
});
