import { nameOf, type Outcome } from "#outcome";
import type { Group } from "#scenario";
import { all, type Criterion, failed, said, sent } from "./criteria.ts";
import { links } from "./links.ts";

/** An id that no identity has. */
const unassigned = "dddddddd-dddd-4ddd-8ddd-dddddddddddd";

/** What the emulator calls the identities, and what people call them. */
const holderNames: Readonly<Record<string, string>> = {
  "emulated-app": "system-assigned",
  "user-assigned": "user-assigned",
};

/** Whose token it is: the last part of the identity's resource id. */
function holder({ token }: Outcome): string | undefined {
  const resourceId = token?.claims["xms_mirid"];
  return typeof resourceId === "string" ? resourceId.split("/").at(-1) : undefined;
}

function tell(outcome: Outcome): string {
  return outcome.ended === "token"
    ? `token, ${holderNames[holder(outcome) ?? ""] ?? "somebody else"}`
    : nameOf(outcome);
}

const of = (name: string): Criterion => all((outcome) => holder(outcome) === name, sent(1));
const systemAssigned = of("emulated-app");
const userAssigned = of("user-assigned");

export const identities: Group = {
  title: "Whose token",
  intro: "Which identity is asked for, what goes over the wire for it, and whose token comes back.",
  scenarios: [
    {
      name: "system-assigned",
      question: "No id is given",
      wanted: "the system-assigned identity's token, by one request",
      tell,
      meets: systemAssigned,
      explain: "The same GET, the same secret header, the same token.",
      link: links.request,
      quick: true,
    },
    {
      name: "client-id",
      question: "The client id of a user-assigned identity is given",
      wanted: "that identity's token, by one request",
      options: ({ clientId }) => ({ clientId }),
      tell,
      meets: userAssigned,
      explain: "client_id in the query, for all three.",
      link: links.request,
      quick: true,
    },
    {
      name: "resource-id",
      question: "Its resource id is given",
      wanted: "that identity's token, by one request",
      options: ({ resourceId }) => ({ resourceId }),
      tell,
      meets: userAssigned,
      explain: "mi_res_id in the query, for all three.",
      link: links.request,
    },
    {
      name: "object-id",
      question: "Its object id is given",
      wanted: "that identity's token, by one request",
      options: ({ objectId }) => ({ objectId }),
      tell,
      meets: userAssigned,
      explain: "object_id in the query; DefaultAzureCredential has no option for it.",
      link: links.request,
    },
    {
      name: "azure-client-id",
      question: "AZURE_CLIENT_ID is set, and no id is given",
      env: ({ env, assigned }) => ({ ...env, AZURE_CLIENT_ID: assigned.clientId }),
      tell,
      explain:
        "DefaultAzureCredential reads the variable, ManagedIdentityCredential does not; AppServiceMsiCredential does as the former, so moving from the latter can change the identity.",
      link: links.whichIdentity,
    },
    {
      name: "empty-client-id",
      question: 'AZURE_CLIENT_ID is set, and the client id given is ""',
      wanted: "the system-assigned identity's token, by one request",
      env: ({ env, assigned }) => ({ ...env, AZURE_CLIENT_ID: assigned.clientId }),
      options: () => ({ clientId: "" }),
      tell,
      meets: systemAssigned,
      explain: "An empty id means none, and then the variable does not count: all three agree.",
      link: links.whichIdentity,
    },
    {
      name: "two-ids",
      question: "A client id and a resource id are given",
      wanted: "an error before any request",
      options: ({ clientId, resourceId }) => ({ clientId, resourceId }),
      meets: all(failed, sent(0)),
      explain: "DefaultAzureCredential lets the resource id win without a word; the other two refuse to guess.",
      link: links.whichIdentity,
    },
    {
      name: "unassigned-id",
      question: "The client id given is not assigned to the app",
      wanted: "an error that says which id was asked for, after one request",
      options: () => ({ clientId: unassigned }),
      meets: all(said(unassigned), sent(1)),
      explain: "All three pass on what the endpoint says, and its correlation id; one adds the id and what to do.",
      link: links.notFound,
    },
    {
      name: "ignored-id",
      question: "The endpoint ignores the client id, and answers with another identity's token",
      wanted: "an error: that token opens other doors",
      options: ({ clientId }) => ({ clientId }),
      fault: { name: "wrong-identity" },
      tell,
      meets: failed,
      explain: "The endpoint ignores a parameter it does not know; only one compares the client_id of the answer.",
      link: links.mismatch,
    },
  ],
};
