import { text } from "node:stream/consumers";
import { readClaims, type TokenClaims } from "../claims.ts";
import { type Context, defineCommand, type Options } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure, UsageError } from "../failure.ts";
import { orInterrupted } from "../interruption.ts";
import { toJson } from "../json.ts";
import { resourcesByName } from "../resource.ts";
import { toTable } from "../table.ts";
import { requestToken, tokenRequestOptions } from "../token/token-request.ts";
import { roleChangesNote, toWhoamiReport, toWhoamiRows } from "./whoami-report.ts";

const options = {
  resource: {
    kind: "text",
    short: "r",
    value: "resource",
    default: "resourceManager",
    suggestions: Object.keys(resourcesByName),
    summary: "which token to look at; every tenant has the default",
  },
  ...tokenRequestOptions,
  output: {
    kind: "text",
    short: "o",
    value: "format",
    choices: ["table", "json", "claims"],
    default: "table",
    summary: "how to print it; claims is the token's whole payload",
  },
} as const satisfies Options;

/** `appservice-msi whoami` */
export const whoamiCommand = defineCommand({
  name: "whoami",
  summary: "Says which identity this is, by what its token says.",
  operands: [{ name: "-", summary: "read a token from standard input instead, and verify nothing" }],
  options,
  examples: [
    { line: "appservice-msi whoami", does: "object id, client id, tenant, resource id, age of the token" },
    { line: "appservice-msi whoami -o json", does: "the same for scripts" },
    { line: "appservice-msi token -r storage -o raw | appservice-msi whoami -", does: "any token, from a pipe" },
  ],
  async run(context) {
    const {
      io,
      operands,
      options: { output },
      tell,
    } = context;
    const fromEndpoint = operands.length === 0;
    const claims = fromEndpoint ? await claimsOfEndpoint(context) : await claimsOfInput(context);
    context.print(await written(claims, output, context));
    const note = fromEndpoint && output === "table" ? roleChangesNote(claims, io.now()) : undefined;
    if (note !== undefined) {
      tell(`\n${note}`);
    }
  },
});

async function claimsOfEndpoint(context: Context<typeof options>): Promise<TokenClaims> {
  const { token } = await requestToken(context, context.options);
  const claims = readClaims(token);
  if (claims === undefined) {
    throw new Failure(
      exitCodes.endpointFailed,
      "The endpoint gave a token, but it is no JWT: nobody can tell what it says.",
    );
  }
  return claims;
}

async function claimsOfInput({ io, operands, signal, tell }: Context<typeof options>): Promise<TokenClaims> {
  if (operands[0] !== "-") {
    throw new UsageError('A token on the command line is seen by others on this machine. Pipe it in, and pass "-".');
  }
  if (io.stdin.isTTY === true) {
    tell("Paste the token, then press Enter and Ctrl-D.");
  }
  const input = await orInterrupted(text(io.stdin), signal);
  const claims = readClaims(findToken(input));
  if (claims === undefined) {
    throw new UsageError("There is no JWT on standard input.");
  }
  tell("Nothing was verified: this is what the token says, whoever made it.");
  return claims;
}

/** The token in what `token` prints in any of its formats, or in any other text. */
function findToken(input: string): string {
  return /[\w-]{10,}\.[\w-]+\.[\w-]*/.exec(input)?.[0] ?? "";
}

async function written(
  claims: TokenClaims,
  output: "table" | "json" | "claims",
  { io }: Pick<Context, "io">,
): Promise<string> {
  switch (output) {
    case "claims":
      return toJson(claims.all);
    case "json":
      return toJson(toWhoamiReport(claims, io.now()));
    default:
      return toTable(toWhoamiRows(claims, io.now()), { output: io.stdout });
  }
}
