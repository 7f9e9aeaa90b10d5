// The least that a credential can do: on a warm call one look into a map and one at the clock, on a cold one a single bare
// request. It checks nothing, repeats nothing and would be of no use to anyone.
import { get } from "node:http";
import { json } from "node:stream/consumers";
import type { Token } from "./contestant.ts";

type Remembered = Token & { readonly refreshAfterTimestamp: number };

const tokens = new Map<string, Remembered>();
const requests = new Map<string, Promise<Remembered>>();

export class Credential {
  async getToken(scope: string): Promise<Token> {
    const token = tokens.get(scope);
    if (token !== undefined && Date.now() < token.refreshAfterTimestamp) {
      return token;
    }
    return request(scope);
  }
}

function request(scope: string): Promise<Remembered> {
  let pending = requests.get(scope);
  if (pending === undefined) {
    pending = fetchToken(scope).finally(() => requests.delete(scope));
    requests.set(scope, pending);
  }
  return pending;
}

function fetchToken(scope: string): Promise<Remembered> {
  const { IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" } = process.env;
  const resource = encodeURIComponent(scope.replace("/.default", ""));
  const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`;
  return new Promise((resolve, reject) => {
    get(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } }, (response) => {
      json(response).then((body) => resolve(remember(scope, body as Answer)), reject);
    }).on("error", reject);
  });
}

interface Answer {
  readonly access_token: string;
  readonly expires_on: string;
}

function remember(scope: string, { access_token: token, expires_on: expiresOn }: Answer): Remembered {
  const expiresOnTimestamp = Number(expiresOn) * 1000;
  const remembered = { token, expiresOnTimestamp, refreshAfterTimestamp: (Date.now() + expiresOnTimestamp) / 2 };
  tokens.set(scope, remembered);
  return remembered;
}
