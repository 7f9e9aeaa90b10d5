// A stand-in for Key Vault, true where it matters to a client with a token: the challenge, the check of the token, the refusals.
// It keeps no secret safe and knows two operations: list secrets, get a secret.
import { createServer } from "node:https";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";

/** What the vault holds, and whom it trusts. */
export interface VaultOptions {
  readonly key: string;
  readonly certificate: string;
  /** Secrets by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly tenantId: string;
  /** Where the issuer of the tokens publishes its keys. */
  readonly jwksUri: string;
  /** Object ids of the identities that may read: what a role assignment is in Azure. */
  readonly readers: readonly string[];
}

/** A running vault. */
export interface Vault extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

const resource = "https://vault.azure.net";

/** Starts a vault on a free port of loopback. */
export async function startVault(options: VaultOptions): Promise<Vault> {
  const keys = createRemoteJWKSet(new URL(options.jwksUri));
  const server = createServer({ key: options.key, cert: options.certificate }, (request, response) => {
    answer(request, options, keys).then(
      (reply) => send(response, reply),
      (error: Error) => send(response, failure(500, "InternalError", error.message)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, close, [Symbol.asyncDispose]: close };
}

async function answer(
  request: IncomingMessage,
  options: VaultOptions,
  keys: ReturnType<typeof createRemoteJWKSet>,
): Promise<Reply> {
  const token = /^Bearer (?<token>\S+)$/i.exec(request.headers.authorization ?? "")?.groups?.["token"];
  if (token === undefined) {
    return challenge(options.tenantId, "AKV10000: Request is missing a Bearer or PoP token.");
  }
  let claims: JWTPayload;
  try {
    const issuer = `https://sts.windows.net/${options.tenantId}/`;
    ({ payload: claims } = await jwtVerify(token, keys, { issuer, audience: [resource, `${resource}/`] }));
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      return challenge(options.tenantId, `The token is not accepted: ${error.message} (${error.code}).`);
    }
    throw error;
  }
  return options.readers.includes(String(claims["oid"])) ? read(request, options) : forbidden(claims);
}

function read(request: IncomingMessage, { secrets }: VaultOptions): Reply {
  const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
  const idOf = (name: string): string => `${url.origin}/secrets/${name}`;
  if (/^\/secrets\/?$/.test(url.pathname)) {
    const value = Object.keys(secrets).map((name) => ({ id: idOf(name), attributes: { enabled: true } }));
    return { status: 200, body: { value, nextLink: null } };
  }
  const name = /^\/secrets\/(?<name>[\w-]+)\/?$/.exec(url.pathname)?.groups?.["name"] ?? "";
  return Object.hasOwn(secrets, name)
    ? { status: 200, body: { value: secrets[name], id: `${idOf(name)}/1`, attributes: { enabled: true } } }
    : failure(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
}

/** The answer to a request without a token that will do: it names the tenant and the resource to get one for. */
function challenge(tenantId: string, message: string): Reply {
  const authorization = `https://login.microsoftonline.com/${tenantId}`;
  const headers = { "www-authenticate": `Bearer authorization="${authorization}", resource="${resource}"` };
  return { ...failure(401, "Unauthorized", message), headers };
}

/** The answer to whom no role allows it, in Key Vault's words. */
function forbidden({ appid, oid, iss }: JWTPayload): Reply {
  const message = [
    "Caller is not authorized to perform action on resource.",
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    `Caller: appid=${String(appid)};oid=${String(oid)};iss=${iss}`,
    "Assignment: (not found)",
    "DecisionReason: 'DeniedWithNoValidRBAC'",
  ].join("\r\n");
  return failure(403, "Forbidden", message, { innererror: { code: "ForbiddenByRbac" } });
}

function failure(status: number, code: string, message: string, more: object = {}): Reply {
  return { status, body: { error: { code, message, ...more } } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}
