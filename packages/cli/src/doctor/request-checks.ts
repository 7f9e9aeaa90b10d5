import { exitCodes } from "../exit-codes.ts";
import { isGuid } from "../guid.ts";
import { plain } from "../plain-text.ts";
import { resourcesByName, withoutDefault } from "../resource.ts";
import { type Check, fail, pass, skip, warn } from "./check.ts";
import type { Facts } from "./facts.ts";

/** The resource: how it is written. */
export const resourceChecks: readonly Check[] = [
  {
    name: "resource-not-scope",
    title: "The resource is no scope",
    remedy:
      "In requests of your own leave /.default out: the endpoint answers 500 to a scope. Azure clients do it right.",
    exitCode: exitCodes.usage,
    judge({ resource: { given, asked } }) {
      return given === withoutDefault(given)
        ? pass(plain(asked))
        : warn(`"${plain(given)}" is a scope; ${plain(asked)} was asked for instead`);
    },
  },
  {
    name: "resource-slashes",
    title: "Its slashes are right",
    remedy:
      "Write it as the service does: with and without a slash at the end are two audiences, and a service takes its own.",
    exitCode: exitCodes.usage,
    judge({ resource: { asked } }) {
      if (/[^:]\/\//.test(asked)) {
        return warn(`${plain(asked)} has two slashes in a row`);
      }
      const known = Object.values(resourcesByName);
      const other = asked.endsWith("/") ? asked.slice(0, -1) : `${asked}/`;
      return known.includes(other) && !known.includes(asked)
        ? warn(`the service itself writes ${other}`)
        : pass(plain(asked));
    },
  },
];

/** The identity: whether the app has it. */
export const identityChecks: readonly Check[] = [
  {
    name: "client-id",
    title: "The id is of the kind it is given for",
    remedy:
      "Look it up with az identity show: clientId, principalId (the object id) and id (the resource id) are three things.",
    exitCode: exitCodes.refused,
    judge: judgeKindOfId,
  },
  {
    name: "identity-chosen",
    title: "One identity is chosen",
    remedy:
      "Turn the system-assigned identity on (az webapp identity assign), or name a user-assigned one: --client-id here, AZURE_CLIENT_ID or managedIdentityClientId in the app.",
    exitCode: exitCodes.refused,
    judge(facts) {
      const { identity, probes } = facts;
      if (identity.kind !== "systemAssigned") {
        return pass(`${plain(identity.id)}, by ${identity.namedBy}`);
      }
      if (probes.some(({ error }) => error?.code === "IDENTITY_NOT_FOUND")) {
        return fail("none is named, and the app has no system-assigned one, or several and no choice among them");
      }
      return probes.some(({ granted }) => granted) ? pass("the system-assigned one") : skip("no answer tells");
    },
  },
  {
    name: "identity-assigned",
    title: "The app has that identity",
    remedy: "Assign it to this app (az webapp identity assign --identities …) and restart the app, or correct the id.",
    exitCode: exitCodes.refused,
    judge: judgeAssigned,
  },
];

function judgeKindOfId({ identity, asOtherKind }: Facts): ReturnType<Check["judge"]> {
  const { kind, namedBy } = identity;
  const id = plain(identity.id);
  if (kind === "systemAssigned") {
    return skip("no id is given");
  }
  if (asOtherKind?.granted) {
    const { clientId, objectId } = asOtherKind.claims ?? {};
    return kind === "clientId"
      ? fail(
          `${id} (${namedBy}) is an object id; the client id of that identity is ${plain(clientId ?? "another one")}`,
        )
      : fail(
          `${id} (${namedBy}) is a client id; the object id of that identity is ${plain(objectId ?? "another one")}`,
        );
  }
  if (kind === "resourceId") {
    return id.startsWith("/subscriptions/") ? pass(id) : warn(`${id} (${namedBy}) is no resource id, /subscriptions/…`);
  }
  return isGuid(id) ? pass(id) : warn(`${id} (${namedBy}) is no GUID`);
}

function judgeAssigned({ identity, probes, asOtherKind, endpointVariable }: Facts): ReturnType<Check["judge"]> {
  const found = (code: string): boolean => probes.some(({ error }) => error?.code === code);
  if (identity.kind !== "systemAssigned" && found("IDENTITY_NOT_FOUND")) {
    return asOtherKind?.granted ? skip("the id is of another kind") : fail(`it has none with ${plain(identity.id)}`);
  }
  // In 2017-09-01 that is how the endpoint says that there is no such identity.
  if (found("IDENTITY_MISMATCH")) {
    return fail(
      "the endpoint answers with the token of another identity, which is not used",
      `Assign the identity to this app (az webapp identity assign --identities …) and restart the app, or correct the id. If the app has it, ${endpointVariable ?? "the variable"} does not hold the platform's endpoint.`,
    );
  }
  if (probes.some(({ granted }) => granted)) {
    return pass("there is a token of it");
  }
  return found("UNSUPPORTED_IDENTITY")
    ? fail("this endpoint speaks 2017-09-01, which knows client ids only", "Name the identity by its client id.")
    : skip("no answer tells");
}
