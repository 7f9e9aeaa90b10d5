import { defineCommand, type Options } from "../command.ts";
import { identityOptions, toIdentity } from "../identity-options.ts";
import { withProgress } from "../progress.ts";
import { resourcesByName } from "../resource.ts";
import { checks } from "./checks.ts";
import { diagnose } from "./diagnosis.ts";
import { toScreen, toTicket } from "./diagnosis-report.ts";
import { gatherFacts } from "./gather-facts.ts";

const hour = 3_600_000;

const options = {
  resource: {
    kind: "text",
    short: "r",
    value: "resource",
    default: "resourceManager",
    suggestions: Object.keys(resourcesByName),
    summary: "what to ask a token for: a short name, a URI, or a scope; every tenant has the default",
  },
  ...identityOptions,
  timeout: {
    kind: "number",
    value: "seconds",
    lowest: 0.1,
    highest: 600,
    default: 5,
    summary: "wait so long for an answer",
  },
  staleAfter: {
    kind: "number",
    value: "hours",
    lowest: 0,
    highest: 48,
    default: 8,
    summary: "warn of a token that is older",
  },
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["text", "json"],
    default: "text",
    summary: "how to print it; json suits a support ticket, and holds no secret",
  },
} as const satisfies Options;

/** `appservice-msi doctor` */
export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Says what is wrong with managed identity here, and what to do.",
  options,
  notes: [
    {
      title: "Checks",
      text: Object.fromEntries(checks.map(({ name, title }) => [name, title])),
    },
    {
      title: "Exit code",
      text: "0 when no check fails (warnings are no failure), else that of the first one that does. It asks the endpoint once in each API version, without retries.",
    },
  ],
  examples: [
    { line: "appservice-msi doctor", does: "all checks, on one screen" },
    {
      line: "appservice-msi doctor -r storage --client-id 00001111-aaaa-2222-bbbb-3333cccc4444",
      does: "with the resource and the identity that make trouble",
    },
    { line: "appservice-msi doctor -o json > ticket.json", does: "for a support ticket" },
  ],
  async run(context) {
    const { io, options: wanted, paint, print } = context;
    const gathering = gatherFacts(context, {
      resource: wanted.resource,
      identity: toIdentity(wanted),
      timeoutInMs: wanted.timeout * 1000,
      staleAfterInMs: wanted.staleAfter * hour,
    });
    const facts = await withProgress(io, "Asking the identity endpoint", gathering);
    const diagnosis = diagnose(facts, checks);
    print(
      wanted.output === "json"
        ? toTicket(diagnosis, facts)
        : await toScreen(diagnosis, facts, { paint, output: io.stdout }),
    );
    return diagnosis.exitCode;
  },
});
