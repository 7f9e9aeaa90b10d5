/** The app's identities, as the emulator has them; transcripts write their ids out. */
export const identities = {
  "system-assigned": { clientId: "a0000000-0000-4000-8000-000000000001" },
  "user-assigned": {
    clientId: "c0000000-0000-4000-8000-000000000001",
    objectId: "c0000000-0000-4000-8000-000000000002",
    resourceId:
      "/subscriptions/00000000-0000-4000-8000-000000000000/resourcegroups/emulator/providers/Microsoft.ManagedIdentity/userAssignedIdentities/user-assigned",
  },
} as const;

/** What stands for the parts of a transcript that are new every time. */
export const standIns: Readonly<Record<string, string>> = {
  "{secret}": "5ec2e7aa-0000-4000-8000-000000000001",
  "{new secret}": "5ec2e7aa-0000-4000-8000-000000000002",
  "{correlation id}": "c022e1a7-0000-4000-8000-000000000001",
  "{token of system-assigned}": tokenOf(identities["system-assigned"].clientId),
  "{token of user-assigned}": tokenOf(identities["user-assigned"].clientId),
};

/** A JWT as far as clients look into one. */
function tokenOf(appid: string): string {
  return `e30.${Buffer.from(JSON.stringify({ appid })).toString("base64url")}.e30`;
}

/** The value with every such part replaced, however deep. */
export function fill<T>(value: T, replacements: Readonly<Record<string, string>> = standIns): T {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string" ? replaceAll(part, replacements) : part,
  ) as T;
}

/** The text with every stand-in turned back into what it stands for. */
export function unfill(text: string): string {
  return replaceAll(text, Object.fromEntries(Object.entries(standIns).map(([part, value]) => [value, part])));
}

function replaceAll(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((so, [part, value]) => so.replaceAll(part, value), text);
}
