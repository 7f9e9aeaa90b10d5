export { ManagedIdentityCredential as Credential } from "@azure/identity";
