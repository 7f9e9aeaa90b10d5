/** Well-known resources. */
export const AzureResource = { storage: "https://storage.azure.com" } as const;
