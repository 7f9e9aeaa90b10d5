import { startEmulator } from "@appservice-msi/emulator";
import * as fc from "fast-check";
import { CanarySearch } from "../canaries.ts";
// oxlint-disable-next-line no-restricted-imports -- the folder beside this one, no package
import { type Outcome, start } from "../cli/play-terminal.ts";
import { fail, inTime } from "./outcome.ts";
import { Tally, type Target } from "./target.ts";

/** Commands that end by themselves. `exec` is not among them: it would run what comes. */
const words = fc.constantFrom(
  ..."token,whoami,env,doctor,fault,fault list,fault arm,fault clear,journal,completion,completion bash,help,-,--".split(
    ",",
  ),
  ..."__complete,emulator,--version,-h,tokn,fault arm status-503,fault arm status,fault clear 1,storage".split(","),
);
const flags = fc.constantFrom(
  ..."--resource,-r,--client-id,--object-id,--resource-id,--api-version,-o,--output,--show-token,--response".split(","),
  ..."--verbose,-a,--stale-after,--port,--host,--user-assigned,--fault,--quiet,--times,--for,--identity,--set".split(
    ",",
  ),
  ..."--no-system-assigned,--limit,--unknown,-x,-ojson,--output=json,--".split(","),
);
const values = fc.oneof(
  fc.constantFrom(
    ..."storage,keyVault,https://vault.azure.net,https://a.test/.default,json,raw,table,header,env,k8s,text".split(","),
    ..."2019-08-01,0,-1,1e9,NaN,99999,container-apps,status-503,times=2,name,clientId=x,__proto__,constructor".split(
      ",",
    ),
  ),
  fc.string({ unit: "binary", maxLength: 15 }),
  fc.constantFrom("", " ", "\u001b[31m", "\u202e", "-", "--", "x".repeat(5000)),
);
/** Command lines that make sense, but for what one person may put in one place. */
const nearlyRight = fc
  .tuple(
    fc.constantFrom(
      ..."token -r ?|token -r storage --client-id ?|token -r storage --resource-id ? --verbose|token -r ? --response".split(
        "|",
      ),
      ..."token -r storage -o ?|whoami -|whoami -r ?|whoami --object-id ? -o json|env -o ?|env --all|doctor -r ?".split(
        "|",
      ),
      ..."doctor --client-id ? -o json|doctor|fault arm ?|fault arm status-503 --times ?|fault clear ?|fault list".split(
        "|",
      ),
      ..."journal|journal -o ?|emulator --user-assigned ?|emulator --fault ?|emulator -o json|completion ?|__complete ?".split(
        "|",
      ),
    ),
    values,
  )
  .map(([line, value]) => line.split(" ").map((word) => (word === "?" ? value : word)));
const jumble = fc
  .tuple(
    words,
    fc.array(fc.oneof({ weight: 3, arbitrary: flags }, { weight: 3, arbitrary: values }, words), { maxLength: 5 }),
  )
  .map(([first, rest]) =>
    [first, ...rest].flatMap((word) => (/^(?:fault|completion) /.test(word) ? word.split(" ") : [word])),
  );
const argv = fc
  .oneof(nearlyRight, jumble)
  .filter((given) => !given.some((word) => /^exec$|follow|^-f|tokens-from|^(?:azure-cli|default)$/.test(word)));

const run = fc.record({
  argv,
  where: fc.constantFrom("on the host", "on the host", "nowhere", "behind a broken endpoint", "with odd variables"),
  input: fc.oneof(fc.constantFrom("", "not a token", "eyJhIjoxfQ.eyJhIjoxfQ.x"), fc.string({ unit: "binary" })),
  isTerminal: fc.boolean(),
  columns: fc.constantFrom(undefined, 0, 1, 20, 80, 500),
});

/** The command, in this process, with an emulator at hand. */
export const commandLine: Target = {
  name: "command-line",
  claim:
    "whatever is typed, the command ends with a documented exit code, says nothing that steers the terminal, shows a token only when told to and the secret never",
  quickRuns: 100,
  open: async () => {
    const outcomes = new Tally();
    const emulator = await startEmulator();
    const broken = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token", IDENTITY_HEADER: "CANARY-of-the-broken" };
    const odd = {
      IDENTITY_ENDPOINT: "http://user:pass@",
      IDENTITY_HEADER: "CANARY\r\nodd",
      AZURE_CLIENT_ID: "\u001b[2J",
    };
    const worlds: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
      "on the host": { ...emulator.env, APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl },
      nowhere: {},
      "behind a broken endpoint": { ...broken, APPSERVICE_MSI_EMULATOR: "http://127.0.0.1:1/_emulator/#key=x" },
      "with odd variables": odd,
    };
    const secrets = [emulator.env.IDENTITY_HEADER ?? "", broken.IDENTITY_HEADER];
    return {
      outcomes,
      property: fc.asyncProperty(run, async (given) => {
        const outcome = await perform(given, worlds[given.where] ?? {});
        judge(given.argv, outcome, new CanarySearch(...secrets));
        outcomes.count(`exit ${outcome.exitCode}`);
        await emulator.reset();
      }),
      [Symbol.asyncDispose]: () => emulator.close(),
    };
  },
};

/** A command that waits for Ctrl-C gets it. */
async function perform(
  { argv: words_, input, isTerminal, columns }: Run,
  env: Record<string, string | undefined>,
): Promise<Outcome> {
  const running = start([...words_, ...quickly(words_)], {
    env,
    input,
    isTerminal,
    ...(columns === undefined ? {} : { columns }),
  });
  const interrupt = setInterval(() => running.signal("SIGINT"), 300);
  try {
    return await inTime(`The command ${JSON.stringify(words_)}`, running.outcome);
  } finally {
    clearInterval(interrupt);
  }
}
type Run = typeof run extends fc.Arbitrary<infer Value> ? Value : never;

/** Nobody waits half a minute for an endpoint that is not there. */
function quickly([command = "", ...rest]: readonly string[]): string[] {
  return ["token", "whoami", "doctor"].includes(command) && !rest.includes("--") ? ["--timeout", "0.2"] : [];
}

/** Done, the documented failures, and what an interrupted command returns. Not 1: nothing typed is a surprise. */
const exitCodes = [0, 2, 3, 4, 5, 6, 130];

// oxlint-disable-next-line no-control-regex -- colours are the only control sequences, and only those of our own
const colours = /\u001b\[\d+(?:;\d+)*m/g;
// oxlint-disable-next-line no-control-regex -- to find them
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function judge(typed: readonly string[], { exitCode, stdout, stderr }: Outcome, search: CanarySearch): void {
  const said = `${stdout}\n${stderr}`;
  if (!exitCodes.includes(exitCode)) {
    fail(`Exit code ${exitCode}: ${stderr.slice(0, 500)}`);
  }
  const secret = typed.includes("emulator") ? undefined : search.find(said); // the emulator's own variables are for the reader
  if (secret !== undefined) {
    fail(`The secret is shown: ${secret}`);
  }
  const mayShowToken = typed.includes("token") && exitCode === 0;
  if (!mayShowToken && /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/.test(said)) {
    fail("A token is shown.");
  }
  const control = steering.exec(said.replace(colours, ""));
  if (control !== null && !typed.some((word) => word.startsWith("completion") || word === "__complete")) {
    fail(
      `It writes ${JSON.stringify(control[0])}: ${JSON.stringify(said.slice(Math.max(0, control.index - 50), control.index + 50))}`,
    );
  }
}
