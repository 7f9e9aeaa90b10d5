import { readClaims } from "../claims.ts";
import { toEpoch, toIso } from "../duration.ts";
import { toJson } from "../json.ts";

/** A token to be written out. */
export interface GotToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
  readonly resource: string;
}

/** A way to write a token: how it is called, what it is for, and how it is done. */
interface TokenFormat {
  readonly summary: string;
  write(got: GotToken): string;
}

/** The ways to write a token. */
export const tokenFormats = {
  json: {
    summary: "an object as `az account get-access-token` prints it, expires_on in UTC epoch seconds",
    write: ({ token, expiresOnTimestamp, resource }) => {
      const claims = readClaims(token);
      return toJson({
        accessToken: token,
        expiresOn: toIso(expiresOnTimestamp),
        expires_on: toEpoch(expiresOnTimestamp),
        resource,
        tenant: claims?.tenantId,
        clientId: claims?.clientId,
        tokenType: "Bearer",
      });
    },
  },
  raw: { summary: "the token alone", write: ({ token }) => token },
  header: { summary: 'a header for curl -H "$(…)"', write: ({ token }) => `Authorization: Bearer ${token}` },
  env: {
    summary: "variables for export $(…) or docker --env-file",
    write: ({ token, expiresOnTimestamp }) =>
      [`AZURE_ACCESS_TOKEN=${token}`, `AZURE_ACCESS_TOKEN_EXPIRES_ON=${toEpoch(expiresOnTimestamp)}`].join("\n"),
  },
  k8s: {
    summary: "an ExecCredential for kubectl, client.authentication.k8s.io/v1",
    write: ({ token, expiresOnTimestamp }) =>
      toJson({
        apiVersion: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: { token, expirationTimestamp: toIso(expiresOnTimestamp) },
      }),
  },
} as const satisfies Readonly<Record<string, TokenFormat>>;

/** The name of a format. */
export type TokenFormatName = keyof typeof tokenFormats;

/** The names of the formats. */
export const tokenFormatNames = Object.keys(tokenFormats) as [TokenFormatName, ...TokenFormatName[]];

/** The characters of a bearer token by RFC 6750. Others could end a header or a shell's word, and begin another. */
const bearerToken = /^[\w\-.~+/]+=*$/;

/** Whether a token can be written out in every format. */
export function isBearerToken(token: string): boolean {
  return bearerToken.test(token);
}
