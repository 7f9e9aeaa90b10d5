export { AppServiceMsiCredential as Credential } from "@appservice-msi/credential";
