/** What all credentials have in common. */
export interface Credential {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ token: string; expiresOnTimestamp: number; refreshAfterTimestamp?: number | undefined } | null>;
}

/** The ids of a user-assigned identity. */
export type IdKind = "clientId" | "resourceId" | "objectId";

/** A credential under comparison. */
export interface Subject {
  /** Its class. */
  readonly name: string;
  readonly package: string;
  /** How it is used: out of the box but for what its own documentation advises for production. */
  readonly setUp: string;
  /** What its options call the ids. Without a name: it cannot be told of such an id. */
  readonly idOptions: Readonly<Partial<Record<IdKind, string>>>;
  /** Variables that belong to its set-up. */
  readonly env?: Readonly<Record<string, string>>;
  load(): Promise<new (options: object) => Credential>;
}

const ofDefaultAzureCredential = { clientId: "managedIdentityClientId", resourceId: "managedIdentityResourceId" };

/** The credentials, in the order of the columns. */
export const subjects: readonly Subject[] = [
  {
    name: "AppServiceMsiCredential",
    package: "@appservice-msi/credential",
    setUp: "out of the box",
    idOptions: { ...ofDefaultAzureCredential, objectId: "managedIdentityObjectId" },
    load: async () => (await import("@appservice-msi/credential")).AppServiceMsiCredential,
  },
  {
    name: "ManagedIdentityCredential",
    package: "@azure/identity",
    setUp: "out of the box",
    idOptions: { clientId: "clientId", resourceId: "resourceId", objectId: "objectId" },
    load: async () => (await import("@azure/identity")).ManagedIdentityCredential,
  },
  {
    name: "DefaultAzureCredential",
    package: "@azure/identity",
    setUp: "with AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential, so that it tries nothing else",
    idOptions: ofDefaultAzureCredential,
    env: { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
    load: async () => (await import("@azure/identity")).DefaultAzureCredential,
  },
];
