import type { Emulator } from "@appservice-msi/emulator";

export const storage = "https://storage.azure.com";
export const vault = "https://vault.azure.net";

/** What to ask for, and how. */
export interface Question {
  readonly resource?: string;
  readonly secret?: string;
  readonly userAgent?: string;
  readonly client_id?: string;
  readonly signal?: AbortSignal;
}

/** Asks for a token as an app does; the status and the body of the answer. */
export async function ask({ env }: Pick<Emulator, "env">, question: Question = {}): Promise<[number, string]> {
  const { resource = vault, secret = env.IDENTITY_HEADER ?? "", userAgent = "an app", signal, ...id } = question;
  const query = new URLSearchParams({ "api-version": "2019-08-01", resource, ...id });
  const response = await fetch(`${env.IDENTITY_ENDPOINT}?${query.toString()}`, {
    headers: { "X-IDENTITY-HEADER": secret, "user-agent": userAgent },
    signal: signal ?? null,
  });
  return [response.status, await response.text()];
}
