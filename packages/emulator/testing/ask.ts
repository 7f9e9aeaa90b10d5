/** The endpoint's answer with a token. */
export interface TokenBody {
  readonly access_token: string;
  readonly expires_on: string | number;
  readonly resource: string;
  readonly token_type: string;
  readonly client_id: string;
}

/** Variables, as an emulator gives them to an app. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Asks for a token over 2019-08-01, as a client does that was handed the variables. */
export function ask(
  variables: Variables,
  query: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return askFor("2019-08-01", variables, query, signal);
}

/** Asks for a token over 2017-09-01. */
export function ask2017(variables: Variables, query: Readonly<Record<string, string>> = {}): Promise<Response> {
  return askFor("2017-09-01", variables, query);
}

/** The JSON body of a response, taken to be of the type that the caller says. */
export async function read<Body = TokenBody>(response: Response | Promise<Response>): Promise<Body> {
  return JSON.parse(await (await response).text());
}

/** The resource that is asked for unless a query names another. */
export const vault = "https://vault.azure.net";

function askFor(
  apiVersion: "2019-08-01" | "2017-09-01",
  variables: Variables,
  query: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Response> {
  const [endpoint, header, secret] =
    apiVersion === "2019-08-01"
      ? [variables["IDENTITY_ENDPOINT"], "X-IDENTITY-HEADER", variables["IDENTITY_HEADER"]]
      : [variables["MSI_ENDPOINT"], "secret", variables["MSI_SECRET"]];
  const url = new URL(endpoint ?? "");
  url.search = new URLSearchParams({ "api-version": apiVersion, resource: vault, ...query }).toString();
  return fetch(url, { headers: { [header ?? ""]: secret ?? "" }, signal: signal ?? null });
}
