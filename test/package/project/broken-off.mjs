// The first answer breaks off in its body: an HTTP client that misses that waits for ever.
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { startEmulator } from "@appservice-msi/emulator";

const emulator = await startEmulator();
emulator.faults.arm("truncated-body", { times: 1 });
const credential = new AppServiceMsiCredential({ env: emulator.env, timeoutInMs: 10_000 });
const { token } = await credential.getToken("https://storage.azure.com/.default");
console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).aud);
await emulator.close();
