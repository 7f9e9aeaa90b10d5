// An API that managed identities may call, and nobody else: on App Service with Microsoft Entra's configuration, here with the emulator's.
import { createServer } from "node:http";
import { createTokenVerifier, requireToken } from "./require-token.ts";

const { OPENID_CONFIGURATION_URL: configurationUrl, API_AUDIENCE: audience, PORT: port = "0" } = process.env;
if (!configurationUrl || !audience) {
  throw new Error("Set OPENID_CONFIGURATION_URL and API_AUDIENCE.");
}
// Object ids of the identities that may call. Anybody in the tenant gets a token for this API, so a good token alone is no permission.
const allowed = new Set((process.env["ALLOWED_CALLERS"] ?? "").split(","));

const verify = await createTokenVerifier({ configurationUrl, audience });
const listener = requireToken(verify, (_request, response, caller) => {
  const oid = String(caller["oid"]);
  const ok = allowed.has(oid);
  const body = ok ? { hello: caller["appid"] } : { error: `${oid} is not in ALLOWED_CALLERS.` };
  response.writeHead(ok ? 200 : 403, { "content-type": "application/json" }).end(JSON.stringify(body));
});

const server = createServer((request, response) => void listener(request, response));
server.listen(Number(port), () => console.log(JSON.stringify(server.address())));
