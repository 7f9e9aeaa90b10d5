import { packageVersion } from "./package-version.ts";

/** How requests of this command introduce themselves to the endpoint. */
export const userAgentPrefix = `appservice-msi-cli/${packageVersion}`;
