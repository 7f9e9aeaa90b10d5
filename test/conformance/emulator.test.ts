import { type Emulator, type HostName, startEmulator } from "@appservice-msi/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { identities } from "./stand-ins.ts";
import { type Exchange, labelled, readTranscripts, type Response, type Transcript } from "./transcript.ts";

type Held = Transcript & { readonly host: HostName };

const transcripts = readTranscripts().filter((each): each is Held => each.host !== undefined);

// One of each for all tests, since making their keys takes the most time.
const emulators = new Map<string, Emulator>();
const appOf = ({ host, systemAssigned }: Held): string => `${host} ${systemAssigned}`;

async function start({ host, systemAssigned }: Held): Promise<Emulator> {
  return startEmulator({ host, systemAssigned, userAssigned: [userAssigned], platformCache: false });
}

beforeAll(async () => {
  const apps = new Map(transcripts.map((each) => [appOf(each), each]));
  await Promise.all([...apps].map(async ([app, transcript]) => emulators.set(app, await start(transcript))));
});
beforeEach(() => Promise.all([...emulators.values()].map((emulator) => emulator.reset())));
afterAll(() => Promise.all([...emulators.values()].map((emulator) => emulator.close())));

const userAssigned = { name: "user-assigned", ...identities["user-assigned"] };

function playing(transcript: Held): Emulator {
  const emulator = emulators.get(appOf(transcript));
  if (emulator === undefined) {
    throw new Error(`no emulator plays ${appOf(transcript)}`);
  }
  return emulator;
}

describe("the emulator", () => {
  it.for(labelled(transcripts))("%s is answered so", async ([, transcript]) => {
    const emulator = playing(transcript);
    emulator.clock.freeze(transcript.now);
    const secrets: Record<string, string> = { "{secret}": secretOf(emulator) };
    for (const exchange of transcript.exchanges) {
      if (exchange.fault !== undefined) {
        const { name, ...parameters } = exchange.fault;
        emulator.faults.arm(name as "status-500", { times: 1, ...parameters });
      }
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await expectAnswer(exchange, emulator, secrets, transcript.now);
      secrets["{new secret}"] = secretOf(emulator);
    }
    expect(emulator.faults.armed()).toEqual([]);
  });

  it.for(labelled(transcripts.filter(({ env }) => env)))("%s has the variables for it", ([, transcript]) => {
    const { AZURE_CLIENT_ID: _ofTheApp, ...ofTheHost } = transcript.env ?? {};
    const emulated: Readonly<Record<string, string | undefined>> = playing(transcript).env;
    for (const [name, value] of Object.entries(ofTheHost)) {
      expect(emulated).toHaveProperty(name, expect.stringMatching(/./));
      expect(pathOf(emulated[name])).toBe(pathOf(value));
    }
  });
});

/** Of a variable with an address, the path; the host and the port are the emulator's own. */
function pathOf(value: string | undefined): string | undefined {
  return value !== undefined && URL.canParse(value) ? new URL(value).pathname : undefined;
}

function secretOf({ env }: Emulator): string {
  return env.IDENTITY_HEADER ?? env.MSI_SECRET ?? "";
}

async function expectAnswer(
  { request, response }: Exchange,
  emulator: Emulator,
  secrets: Readonly<Record<string, string>>,
  now: string,
): Promise<void> {
  const { method, path, query, headers } = request;
  const presented = Object.entries(headers).map(([name, value]) => [name, secrets[value] ?? value]);
  const url = `${emulator.url}${path}?${new URLSearchParams(query).toString()}`;
  const answer = fetch(url, { method, headers: Object.fromEntries(presented), redirect: "manual" });
  if (response === "reset") {
    await expect(answer).rejects.toMatchObject({ cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } });
    return;
  }
  await compare(await answer, response, { url: emulator.url, resource: query["resource"], now });
}

interface Setting {
  readonly url: string;
  readonly resource: string | undefined;
  readonly now: string;
}

async function compare(answer: globalThis.Response, expected: Response, setting: Setting): Promise<void> {
  const names = Object.keys(expected.headers);
  const body = await answer.text();
  const seen = {
    status: answer.status,
    headers: Object.fromEntries(names.map((name) => [name, answer.headers.get(name)])),
    ...(expected.json === undefined ? { text: body } : { json: JSON.parse(body) as unknown }),
  };
  expect(generalize(seen, answer.headers.get("x-correlation-id"), setting)).toEqual({
    ...generalize(expected, null, setting),
    ...(expected.json === undefined ? { text: expected.text ?? "" } : {}),
  });
}

/** The answer with the parts that are new every time taken for what they stand for, and no address in it. */
function generalize(answer: object, correlationId: string | null, { resource, now }: Setting): object {
  return JSON.parse(JSON.stringify(answer), (name, value: unknown) => {
    if (name === "access_token" && typeof value === "string" && value.startsWith("ey")) {
      return whoseToken(value, resource, now);
    }
    if (typeof value !== "string") {
      return value;
    }
    return value === correlationId
      ? "{correlation id}"
      : value.replace(/http:\/\/[\d.]+:\d+|http:\/\/localhost:\d+/, "{origin}");
  }) as object;
}

/** The placeholder of the identity that a token of the emulator is for, if it is one for that resource and not yet to come. */
function whoseToken(token: string, resource: string | undefined, now: string): string {
  const { appid, aud, nbf = Infinity } = decodeJwt(token);
  const [name] = Object.entries(identities).find(([, { clientId }]) => clientId === appid) ?? ["nobody"];
  return aud === resource && nbf * 1000 <= Date.parse(now) ? `{token of ${name}}` : `a token for ${String(aud)}`;
}
