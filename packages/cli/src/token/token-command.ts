import { type Context, defineCommand, type Options } from "../command.ts";
import { UsageError } from "../failure.ts";
import { publicResourceNames, resourcesByName } from "../resource.ts";
import { toAnswerJson, toHttpText } from "./answer-text.ts";
import { EndpointAnswers } from "./endpoint-answers.ts";
import { tokenFormatNames, tokenFormats } from "./token-formats.ts";
import { requestToken, tokenRequestOptions } from "./token-request.ts";

const options = {
  resource: {
    kind: "text",
    short: "r",
    value: "resource",
    required: true,
    suggestions: Object.keys(resourcesByName),
    summary: "what the token is for: a short name such as storage, a URI, or a scope",
  },
  ...tokenRequestOptions,
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: tokenFormatNames,
    defaultSummary: "json; with --response text",
    summary: "how to print it",
  },
  response: {
    kind: "flag",
    summary: "print the endpoint's last answer instead, status, headers and body, the token redacted",
  },
  showToken: { kind: "flag", summary: "do not redact the token in that answer" },
} as const satisfies Options;

/** `appservice-msi token` */
export const tokenCommand = defineCommand({
  name: "token",
  summary: "Gets a token of the app's managed identity.",
  notes: [
    {
      title: "Formats",
      text: Object.fromEntries(Object.entries(tokenFormats).map(([name, { summary }]) => [name, summary])),
    },
    {
      title: "Short names of resources",
      text: `${publicResourceNames.join(", ")}; with usGovernment. or china. in front, those of the other clouds.`,
    },
  ],
  options,
  examples: [
    { line: "appservice-msi token --resource storage", does: "a token for blobs, queues, tables and files" },
    {
      line: 'curl -H "$(appservice-msi token -r resourceManager -o header)" "https://management.azure.com/subscriptions?api-version=2022-12-01"',
      does: "a call to a REST API",
    },
    {
      line: "appservice-msi token -r keyVault --client-id 00001111-aaaa-2222-bbbb-3333cccc4444 -o raw",
      does: "the token alone, of a user-assigned identity",
    },
    { line: "appservice-msi token -r storage --response", does: "what the endpoint really says, without the token" },
  ],
  run: (context) => (context.options.response ? printAnswer(context) : printToken(context)),
});

async function printToken(context: Context<typeof options>): Promise<void> {
  const { output = "json", showToken } = context.options;
  if (showToken) {
    throw new UsageError("--show-token goes with --response. Without it the token is printed anyway.");
  }
  context.print(tokenFormats[output].write(await requestToken(context, context.options)));
}

/** Prints the last answer even when it is an error; the words for the error follow on standard error. */
async function printAnswer(context: Context<typeof options>): Promise<void> {
  const { io } = context;
  const { output, showToken } = context.options;
  if (output !== undefined && output !== "json") {
    throw new UsageError("--response prints the answer as text or, with -o json, as JSON. Leave -o out.");
  }
  const answers = new EndpointAnswers(() => io.now());
  try {
    await requestToken(context, context.options, answers);
  } finally {
    const { last } = answers;
    if (last !== undefined) {
      context.print((output === "json" ? toAnswerJson : toHttpText)(last, { showToken, env: io.env }));
    }
  }
}
