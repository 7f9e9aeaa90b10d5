import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { AppServiceMsiCredential, AppServiceMsiError, AzureResource } from "@appservice-msi/credential";
import { type EmulatorOptions, startEmulator } from "@appservice-msi/emulator";

const options: EmulatorOptions = { host: "app-service-windows" };
await using emulator = await startEmulator(options);
const credential: TokenCredential = new AppServiceMsiCredential("client-id", { env: emulator.env });
try {
  const token: AccessToken | null = await credential.getToken(AzureResource.keyVault);
  console.log(token?.expiresOnTimestamp);
} catch (error) {
  if (error instanceof AppServiceMsiError && error.code === "IDENTITY_NOT_FOUND") {
    const status: number | undefined = error.statusCode;
    console.log(status);
  }
}
// @ts-expect-error: an option that is misspelt is an error
export const misspelt = new AppServiceMsiCredential({ timeoutMs: 1 });
