import { kindOfIdentity, type TokenClaims } from "../claims.ts";
import { inWords, toEpoch, toIso } from "../duration.ts";
import { plain } from "../plain-text.ts";

/** Who a token says one is, for programs. */
export interface WhoamiReport {
  readonly objectId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly identityKind?: string | undefined;
  readonly audience?: string | undefined;
  readonly issuedOn?: string | undefined;
  readonly issued_on?: number | undefined;
  readonly expiresOn?: string | undefined;
  readonly expires_on?: number | undefined;
  readonly ageInSeconds?: number | undefined;
  readonly expired?: boolean | undefined;
}

/** What the claims say at a moment. A claim that is not there is absent. */
export function toWhoamiReport(claims: TokenClaims, now: number): WhoamiReport {
  const { objectId, clientId, tenantId, resourceId, audience, issuedOn, expiresOn } = claims;
  return {
    objectId,
    clientId,
    tenantId,
    resourceId,
    identityKind: kindOfIdentity(claims),
    audience,
    ...(issuedOn !== undefined && {
      issuedOn: toIso(issuedOn),
      issued_on: toEpoch(issuedOn),
      ageInSeconds: toEpoch(now - issuedOn),
    }),
    ...(expiresOn !== undefined && {
      expiresOn: toIso(expiresOn),
      expires_on: toEpoch(expiresOn),
      expired: expiresOn <= now,
    }),
  };
}

/** The same for people, as rows of a table. */
export function toWhoamiRows(claims: TokenClaims, now: number): [string, string][] {
  const { objectId, clientId, tenantId, resourceId, audience, issuedOn, expiresOn } = claims;
  return [
    ["Object id", known(objectId)],
    ["Client id", known(clientId)],
    ["Tenant", known(tenantId)],
    ["Identity", known(kindOfIdentity(claims))],
    ["Resource id", known(resourceId)],
    ["Audience", known(audience)],
    ["Issued", issuedOn === undefined ? known(undefined) : ago(issuedOn, now)],
    ["Expires", expiresOn === undefined ? known(undefined) : ahead(expiresOn, now)],
  ];
}

/** Until when what was changed after the token was issued may not show. */
export function roleChangesNote({ issuedOn, expiresOn }: TokenClaims, now: number): string | undefined {
  if (issuedOn === undefined || expiresOn === undefined || expiresOn <= now) {
    return undefined;
  }
  return `The platform keeps this token for its whole life, about a day: changes of roles and groups since ${toIso(issuedOn)} may take until ${toIso(expiresOn)} to show.`;
}

function known(value: string | undefined): string {
  return value === undefined ? "(not in the token)" : plain(value);
}

function ago(timestamp: number, now: number): string {
  const words = inWords(now - timestamp);
  return `${toIso(timestamp)}, ${timestamp <= now ? `${words} ago` : `in ${words}: a clock is wrong`}`;
}

function ahead(timestamp: number, now: number): string {
  const words = inWords(timestamp - now);
  return `${toIso(timestamp)}, ${timestamp > now ? `in ${words}` : `expired ${words} ago`}`;
}
