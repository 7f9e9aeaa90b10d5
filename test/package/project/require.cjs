const { AppServiceMsiCredential } = require("@appservice-msi/credential");
const { startEmulator } = require("@appservice-msi/emulator");

async function main() {
  const emulator = await startEmulator();
  const credential = new AppServiceMsiCredential({ env: emulator.env });
  const { token } = await credential.getToken("https://storage.azure.com/.default");
  console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).aud);
  await emulator.close();
}

void main();
