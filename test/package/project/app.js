// What gets bundled: on App Service the platform sets the variables. No `await` at the top, which CommonJS has not.
import { AppServiceMsiCredential } from "@appservice-msi/credential";

async function main() {
  const { token } = await new AppServiceMsiCredential().getToken("https://storage.azure.com/.default");
  console.log(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).aud);
}

void main();
