import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "../run-node.ts";

/** The user-assigned identities of the app. */
const mine = {
  name: "mine",
  clientId: "c1111111-1111-4111-8111-111111111111",
  objectId: "c2222222-2222-4222-8222-222222222222",
};
const another = {
  name: "another",
  clientId: "d1111111-1111-4111-8111-111111111111",
  objectId: "d2222222-2222-4222-8222-222222222222",
};
const resourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ userAssigned: [{ ...mine, resourceId }, another] });
});
afterAll(() => emulator.close());

/** What came of a credential: the identity whose token it got, or the name of its error. */
interface Outcome {
  readonly appid?: string;
  readonly oid?: string;
  readonly mirid?: string;
  readonly error?: string;
}

/** A class of `@azure/identity`, the arguments for it and for ours, and `AZURE_CLIENT_ID` meanwhile. */
interface Question {
  readonly theirs: "DefaultAzureCredential" | "ManagedIdentityCredential";
  readonly args: string;
  readonly variable?: string | undefined;
}

type Answer = Readonly<Record<"theirs" | "ours", Outcome>>;

/**
 * Makes both credentials for each question, and asks each for a token. In a process of its own, because `@azure/identity` keeps
 * the endpoint of a process for good; and each question for a resource of its own, because it keeps tokens across credentials.
 */
async function answersTo(
  questions: readonly Question[],
  env: Record<string, string | undefined> = {},
): Promise<Answer[]> {
  const cases = questions.map(
    ({ theirs, args, variable }, index) => `{
      set: ${JSON.stringify({ AZURE_CLIENT_ID: variable })},
      scope: "https://question-${index}.test/.default",
      theirs: () => new identity.${theirs}(${args}),
      ours: () => new AppServiceMsiCredential(${args}),
    }`,
  );
  const { stdout, stderr } = await runNode(
    `
      import { AppServiceMsiCredential } from "@appservice-msi/credential";
      import * as identity from "@azure/identity";
      async function outcome(make, scope) {
        try {
          const { token } = await make().getToken(scope);
          const { appid, oid, xms_mirid: mirid } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
          return { appid, oid, mirid };
        } catch (error) {
          return { error: error.name };
        }
      }
      const answers = [];
      for (const { set, scope, theirs, ours } of [${cases.join()}]) {
        delete process.env.AZURE_CLIENT_ID;
        Object.assign(process.env, set);
        answers.push({ theirs: await outcome(theirs, scope), ours: await outcome(ours, scope) });
      }
      console.log(JSON.stringify(answers));
    `,
    { env: { ...emulator.env, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential", ...env } },
  );
  try {
    return JSON.parse(stdout) as Answer[];
  } catch {
    throw new Error(`The program said ${stdout} and ${stderr}`);
  }
}

/** The answers to the questions, got before the tests of the block. */
function askAll(questions: readonly Question[], env?: Record<string, string | undefined>): (index: number) => Answer {
  let answers: Answer[] = [];
  beforeAll(async () => {
    answers = await answersTo(questions, env);
  });
  return (index) => answers[index] as Answer;
}

const systemAssigned = "a0000000-0000-4000-8000-000000000001";

/** AZURE_CLIENT_ID as it is set, the option as it is given, and whose token comes. */
const cases: readonly [variable: string | undefined, options: string, appid: string][] = [
  [undefined, "", systemAssigned],
  [undefined, "{}", systemAssigned],
  [undefined, "{ managedIdentityClientId: undefined }", systemAssigned],
  [undefined, '{ managedIdentityClientId: "" }', systemAssigned],
  [undefined, `{ managedIdentityClientId: "${mine.clientId}" }`, mine.clientId],
  [undefined, `{ managedIdentityClientId: "${mine.clientId.toUpperCase()}" }`, mine.clientId],
  [undefined, `{ managedIdentityResourceId: "${resourceId}" }`, mine.clientId],
  ["", "{}", systemAssigned],
  ["", "{ managedIdentityClientId: undefined }", systemAssigned],
  ["", '{ managedIdentityClientId: "" }', systemAssigned],
  ["", `{ managedIdentityClientId: "${mine.clientId}" }`, mine.clientId],
  [another.clientId, "", another.clientId],
  [another.clientId, "{}", another.clientId],
  [another.clientId, "{ managedIdentityClientId: undefined }", another.clientId],
  [another.clientId, "{ managedIdentityClientId: null }", another.clientId],
  [another.clientId, '{ managedIdentityClientId: "" }', systemAssigned],
  [another.clientId, `{ managedIdentityClientId: "${mine.clientId}" }`, mine.clientId],
  [another.clientId, `{ managedIdentityResourceId: "${resourceId}" }`, mine.clientId],
];

describe("with AZURE_CLIENT_ID and options as DefaultAzureCredential has them", () => {
  const answer = askAll(cases.map(([variable, args]) => ({ theirs: "DefaultAzureCredential", args, variable })));

  it.each(cases.map(([variable, args, appid], index) => [variable, args, appid, index] as const))(
    "AZURE_CLIENT_ID=%j and (%s) mean the same identity",
    (_variable, _args, appid, index) => {
      const { theirs, ours } = answer(index);
      expect(ours).toEqual(theirs);
      expect(ours.appid).toBe(appid);
    },
  );

  it("each of the two has really asked", () => {
    for (const index of cases.keys()) {
      const asked = emulator.journal.list({ resource: `https://question-${index}.test` });
      expect(asked).toHaveLength(2);
      expect(asked[0]?.identity).toEqual(asked[1]?.identity);
      expect(asked.map(({ userAgent }) => /identity/.test(userAgent ?? ""))).toEqual([true, false]);
    }
  });
});

describe("with the options of ManagedIdentityCredential", () => {
  const same: readonly [args: string, appid: string][] = [
    ["", systemAssigned],
    ["{}", systemAssigned],
    [`"${mine.clientId}"`, mine.clientId],
    [`"${mine.clientId}", {}`, mine.clientId],
    [`{ clientId: "${mine.clientId}" }`, mine.clientId],
    [`{ resourceId: "${resourceId}" }`, mine.clientId],
    [`{ objectId: "${mine.objectId}" }`, mine.clientId],
    ['""', systemAssigned],
    ['{ clientId: "" }', systemAssigned],
    ["{ clientId: undefined }", systemAssigned],
  ];
  const answer = askAll(same.map(([args]) => ({ theirs: "ManagedIdentityCredential", args })));

  it.each(same.map(([args, appid], index) => [args, appid, index] as const))(
    "(%s) means the same identity",
    (_args, appid, index) => {
      const { theirs, ours } = answer(index);
      expect(ours).toEqual(theirs);
      expect(ours.appid).toBe(appid);
    },
  );
});

describe("apart on purpose", () => {
  const two = `{ managedIdentityClientId: "${another.clientId}", managedIdentityResourceId: "${resourceId}" }`;
  const answer = askAll([
    { theirs: "DefaultAzureCredential", args: two },
    { theirs: "ManagedIdentityCredential", args: `{ clientId: "a", resourceId: "b" }` },
    { theirs: "ManagedIdentityCredential", args: `{ clientId: "a", objectId: "b" }` },
    { theirs: "ManagedIdentityCredential", args: "{}", variable: another.clientId },
    { theirs: "ManagedIdentityCredential", args: '{ clientId: "" }', variable: another.clientId },
  ]);

  it("are two ids: always an error here, a silent choice in DefaultAzureCredential", () => {
    expect(answer(0).theirs.appid).toBe(mine.clientId);
    expect(answer(0).ours).toEqual({ error: "TypeError" });
    for (const index of [1, 2]) {
      expect(answer(index).theirs.error).toBeDefined();
      expect(answer(index).ours).toEqual({ error: "TypeError" });
    }
  });

  it('is AZURE_CLIENT_ID: read here, not by ManagedIdentityCredential, and "" switches that off', () => {
    expect(answer(3)).toMatchObject({ theirs: { appid: systemAssigned }, ours: { appid: another.clientId } });
    expect(answer(4)).toMatchObject({ theirs: { appid: systemAssigned }, ours: { appid: systemAssigned } });
  });
});

describe("over 2017-09-01, from MSI_ENDPOINT and MSI_SECRET alone", () => {
  const questions: readonly [theirs: Question["theirs"], args: string, appid: string | undefined][] = [
    ["DefaultAzureCredential", "{}", systemAssigned],
    ["DefaultAzureCredential", `{ managedIdentityClientId: "${mine.clientId}" }`, mine.clientId],
    ["ManagedIdentityCredential", `"${mine.clientId}"`, mine.clientId],
    ["ManagedIdentityCredential", `{ clientId: "${mine.clientId}" }`, mine.clientId],
    ["ManagedIdentityCredential", `{ resourceId: "${resourceId}" }`, undefined],
    ["ManagedIdentityCredential", `{ objectId: "${mine.objectId}" }`, undefined],
  ];
  const answer = askAll(
    questions.map(([theirs, args]) => ({ theirs, args })),
    { IDENTITY_ENDPOINT: undefined, IDENTITY_HEADER: undefined },
  );

  it.each(questions.map(([theirs, args, appid], index) => [theirs, args, appid, index] as const))(
    "%s(%s) and ours agree",
    (_theirs, _args, appid, index) => {
      const { theirs, ours } = answer(index);
      expect(ours.appid).toBe(appid);
      if (appid === undefined) {
        expect({ theirs, ours }).toEqual({
          theirs: { error: "CredentialUnavailableError" },
          ours: { error: "AuthenticationError" },
        });
      } else {
        expect(ours).toEqual(theirs);
      }
    },
  );
});
