import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { startEmulator } from "@appservice-msi/emulator";

const emulator = await startEmulator();
const credential = new AppServiceMsiCredential({ env: emulator.env });
const { token } = await credential.getToken("https://storage.azure.com/.default");
console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).aud);
await emulator.close();
