import type * as AzureIdentity from "@azure/identity";
import { decodeJwt } from "jose/jwt/decode";
import type { Identity } from "./identities.ts";
import { toSafeText } from "./redaction.ts";
import { type IssuedToken, NoTokenError, type TokenSource } from "./tokens.ts";

/** The tool that gives the developer's own token. */
type DeveloperTool = "azure-cli" | "default";

/** What the emulator needs of a credential. */
interface Credential {
  getToken(scopes: string): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** The claims that may be looked at: about the token, not about the person. */
const shownClaims = ["aud", "iss", "iat", "nbf", "exp", "appid", "oid", "tid", "idtyp", "ver"];

/** Tokens of the developer, whichever identity is asked for: real ones, for real Azure. */
export class DeveloperTokens implements TokenSource {
  readonly #tool: DeveloperTool;
  readonly #credential: Credential;

  constructor(tool: DeveloperTool, credential: Credential) {
    this.#tool = tool;
    this.#credential = credential;
  }

  async issue(_identity: Identity, resource: string, _now: number, expiresOn?: number): Promise<IssuedToken> {
    const { token, expiresOnTimestamp } = await this.#ask(resource);
    const claims = readClaims(token);
    return {
      token,
      // A fault cannot change the token, only what is said of it.
      expiresOn: expiresOn ?? expiresOnTimestamp,
      ...(claims === undefined ? {} : { claims }),
    };
  }

  async #ask(resource: string): Promise<{ token: string; expiresOnTimestamp: number }> {
    try {
      const token = await this.#credential.getToken(`${resource}/.default`);
      if (token !== null) {
        return token;
      }
    } catch (error) {
      throw new NoTokenError(`The emulator got no token from ${this.#tool}: ${reasonOf(error)}`, { cause: error });
    }
    throw new NoTokenError(`The emulator got no token from ${this.#tool}.`);
  }
}

/**
 * Gets ready to hand out the developer's own tokens.
 *
 * @throws Error when `@azure/identity` is not installed.
 */
export async function openDeveloperTokens(tool: DeveloperTool): Promise<TokenSource> {
  const identity = await importAzureIdentity();
  const { AzureCliCredential, AzureDeveloperCliCredential, AzurePowerShellCredential } = identity;
  const credential =
    tool === "azure-cli"
      ? new AzureCliCredential()
      : // DefaultAzureCredential without managed identity: where the app's variables are set, that would be this emulator.
        new identity.ChainedTokenCredential(
          new identity.EnvironmentCredential(),
          new AzureCliCredential(),
          new AzurePowerShellCredential(),
          new AzureDeveloperCliCredential(),
        );
  return new DeveloperTokens(tool, credential);
}

async function importAzureIdentity(): Promise<typeof AzureIdentity> {
  try {
    return await import("@azure/identity");
  } catch (cause) {
    throw new Error(
      'the option "tokensFrom" needs the package @azure/identity: npm install --save-dev @azure/identity',
      {
        cause,
      },
    );
  }
}

function readClaims(token: string): Record<string, unknown> | undefined {
  try {
    return Object.fromEntries(Object.entries(decodeJwt(token)).filter(([name]) => shownClaims.includes(name)));
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return toSafeText(message.split("\n", 1)[0] ?? "");
}
