import * as fc from "fast-check";
import { canarySecret, canaryToken } from "../canaries.ts";

/** A text that hides the secret or a token, in one of the ways in which hosts, gateways and their loggers spell such things. */
const canary = fc.constantFrom(
  canarySecret,
  canarySecret.toUpperCase(),
  encodeURIComponent(canarySecret),
  encodeURIComponent(canarySecret).toLowerCase(),
  encodeURIComponent(encodeURIComponent(canarySecret)),
  JSON.stringify(JSON.stringify({ secret: canarySecret })).slice(1, -1),
  canarySecret.replaceAll("/", "\\/").replaceAll("+", "\\u002B").replaceAll("=", "\\u003D"),
  canarySecret.replaceAll("+", "&#43;").replaceAll("/", "&#x2F;").replaceAll("=", "&#61;"),
  Buffer.from(canarySecret).toString("base64"),
  Buffer.from(`:${canarySecret}`).toString("base64"),
  Buffer.from(canarySecret).toString("base64url"),
  Buffer.from(canarySecret).toString("hex"),
  canaryToken,
  `Bearer ${canaryToken}`,
  `x${canaryToken}`,
  encodeURIComponent(canaryToken),
  canaryToken.slice(0, 60),
  `${canarySecret}${canarySecret}`,
);

/** Any text, some of it with a canary in it, some with characters that steer a terminal or forge a log line. */
export const text: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
      { weight: 2, arbitrary: canary },
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom("\u0000", "\r\n", "\u001b[31m", "\u202e", "\u2028", "\ud800", "<b>", '"', "\\", "-".repeat(490)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

/** A name that JavaScript itself gives a meaning to. */
const dangerousName = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "then", "toJSON", "");

/** An expiry, from right to absurd. */
export const time: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 100_000 }).map((left) => Math.floor(Date.now() / 1000) + left) },
  fc.constantFrom<unknown>(
    String(Math.floor(Date.now() / 1000) + 3600),
    "6/20/2099 2:57:58 PM +00:00",
    "2099-06-20T14:57:58Z",
    "2/30/2099 00:00:00 PM +00:00",
    "99999999999999999999999",
    "1e400",
    "NaN",
    "",
    -0,
    0,
    1,
    null,
  ),
  fc.double(),
  fc.integer(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  text,
);

const fieldName = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ..."access_token,expires_on,expires_in,refresh_on,refresh_in,token_type,client_id,resource".split(","),
      ..."message,Message,error,code,error_description,correlationId,CorrelationId,statusCode".split(","),
    ),
  },
  dangerousName,
  fc.string({ maxLength: 5 }),
);

const fieldValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: text },
  time,
  fc.constantFrom<unknown>("Bearer", "bearer", canaryToken, "UnsupportedApiVersion", null, true, [], {}),
  fc.constant("99990000-aaaa-4bbb-8ccc-333344445555"),
  fc.jsonValue({ maxDepth: 2 }),
  fc.dictionary(fieldName, text, { maxKeys: 3 }),
);

/** The text of a JSON object: names may come twice, and `__proto__` is written as any other. */
export const jsonObject: fc.Arbitrary<string> = fc
  .array(fc.tuple(fieldName, fieldValue), { maxLength: 8 })
  .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`);

/** What a token response looks like, so that what follows success is reached too. */
export const tokenAnswer: fc.Arbitrary<string> = fc
  .record({ on: time, more: jsonObject })
  .map(
    ({ on, more }) =>
      `{"access_token":"${canaryToken}","expires_on":${JSON.stringify(on)}${more === "{}" ? "}" : `,${more.slice(1)}`}`,
  );

const cutOff = fc.tuple(fc.oneof(jsonObject, tokenAnswer), fc.double({ min: 0, max: 1, noNaN: true }));

/** The body of a response. */
export const body: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: jsonObject },
  { weight: 3, arbitrary: tokenAnswer },
  cutOff.map(([json, share]) => json.slice(0, Math.floor(json.length * share))),
  text,
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "",
    "null",
    `"${canaryToken}"`,
    `<html><body>${canarySecret}</body></html>`,
    '{"error":'.repeat(20_000),
    `${'{"error":'.repeat(5000)}"${canarySecret}"${"}".repeat(5000)}`,
    "[".repeat(100_000),
    `{"message":"${"a".repeat(600_000)}"}`,
    `{"access_token":"${"x".repeat(1_100_000)}"}`,
  ),
);

/** The status of a response: those that mean something, and any number. */
export const status: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 501, 503, 504) },
  fc.integer({ min: 100, max: 599 }),
  fc.constantFrom(0, -1, 99, 600, 999),
);

const headerValue = fc
  .oneof(
    fc.constantFrom("0", "0.001", "1", "-1", "1e9", "99999999999999", "Wed, 21 Oct 2099 07:28:00 GMT", "a, 1 GMT"),
    text,
  )
  // What Node lets in.
  .map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?"));

/** The headers of a response. */
export const headers: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ..."retry-after,retry-after-ms,x-ms-retry-after-ms,content-type,content-length,content-encoding,location".split(
          ",",
        ),
        ..."x-correlation-id,x-ms-correlation-request-id,x-ms-request-id,www-authenticate,server,etag".split(","),
      ),
    },
    fc.stringMatching(/^[a-z][a-z-]{0,10}$/),
  ),
  headerValue,
  { maxKeys: 5 },
);

/** An id of an identity. */
export const id: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "11112222-aaaa-4bbb-8ccc-333344445555", "/subscriptions/s/resourceGroups/g", "a&client_id=b#c"),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** A scope, right or wrong. */
export const scope: fc.Arbitrary<string | string[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("https://storage.azure.com/.default", "https://vault.azure.net") },
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 3 }),
  fc.constantFrom<string | string[]>("", [], "/.default", ["https://a.test/.default"], "__proto__", "constructor"),
);
