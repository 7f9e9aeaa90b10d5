import type { AppServiceMsiErrorCode } from "@appservice-msi/credential";
import { inWords } from "../duration.ts";
import { exitCodes } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import { answerRemedy } from "./answer-remedies.ts";
import { type Check, fail, type Finding, pass, skip, warn } from "./check.ts";
import type { Facts, Probe } from "./facts.ts";
import { isUnsupportedVersion, whatHappened } from "./probe-reading.ts";

/** How far a request may come, in order. The rest of the codes end it with the answer. */
const stages: Readonly<Partial<Record<AppServiceMsiErrorCode, number>>> = {
  UNREACHABLE: 1,
  TIMEOUT: 2,
  UNAUTHORIZED: 3,
  IDENTITY_NOT_FOUND: 4,
  IDENTITY_MISMATCH: 4,
};
const answerStage = 5;
const tokenStage = 6;

/** A slower answer than this is worth a word: on App Service it takes tens of milliseconds. */
const slowInMs = 2000;

/** The endpoint: how far a request comes. */
export const endpointChecks: readonly Check[] = [
  {
    name: "listening",
    title: "Something listens there",
    remedy:
      "Run this inside the app that the variables were set for: a Kudu or SSH shell, an init container or another host may not reach its endpoint. In the first seconds of a container it may not listen yet.",
    exitCode: exitCodes.unreachable,
    judge: (facts) => judgeStage(1, facts, hostOf(facts)),
  },
  {
    name: "in-time",
    title: "It answers in time",
    remedy:
      "Ask less often, with one credential for the whole process; if it stays slow, restart the app and tell Azure support.",
    exitCode: exitCodes.unreachable,
    judge(facts) {
      const slowest = Math.max(0, ...facts.probes.map(({ answer }) => answer?.durationInMs ?? 0));
      const words = inWords(slowest);
      const judged = judgeStage(2, facts, `after ${words}`);
      return judged.status === "pass" && slowest > slowInMs ? warn(`only after ${words}`) : judged;
    },
  },
  {
    name: "secret",
    title: "It accepts the secret",
    remedy:
      "The platform rotates the secret. Read the variables at every request and let nothing copy them: not a file, not another process, not an app setting. Restart the app if it stays refused.",
    exitCode: exitCodes.refused,
    judge: (facts) => judgeStage(3, facts, `that of ${secretVariableOf(facts)}`),
  },
  {
    name: "answer",
    title: "It answers with a token",
    remedy:
      "Look at the whole answer with appservice-msi token --response. Check the resource and the id; give Azure support the correlation id if they are right.",
    exitCode: exitCodes.endpointFailed,
    judge: (facts) => judgeStage(answerStage, facts, "it is well-formed"),
  },
  {
    name: "api-versions",
    title: "It speaks a known API version",
    remedy: "Check that the endpoint is the platform's: it has to speak 2019-08-01 or 2017-09-01.",
    exitCode: exitCodes.endpointFailed,
    judge: judgeVersions,
  },
];

/** Whether requests come past a stage: the ones that end there decide, unless another one brought a token. */
function judgeStage(stage: number, { probes, endpointVariable }: Facts, passed: string): Finding {
  const ended = probes.find((probe) => stageOf(probe) === stage);
  if (ended?.error !== undefined) {
    const reason = `${whatHappened(ended.error)} (asked in ${ended.apiVersion})`;
    const remedy = stage === answerStage ? answerRemedy(ended.error, endpointVariable) : undefined;
    return (probes.some(({ granted }) => granted) ? warn : fail)(reason, remedy);
  }
  return probes.some((probe) => (stageOf(probe) ?? 0) > stage) ? pass(passed) : skip("no request came this far");
}

/** The stage at which a request ended. `undefined` when none was sent. */
function stageOf(probe: Probe): number | undefined {
  const code = probe.error?.code;
  if (code === undefined) {
    return tokenStage;
  }
  if (code === "INVALID_ENDPOINT" || code === "UNSUPPORTED_IDENTITY") {
    return undefined;
  }
  // A version that is refused is refused before the secret is looked at; more than that it was in time does not show.
  return isUnsupportedVersion(probe) ? 2.5 : (stages[code] ?? answerStage);
}

function hostOf({ env, endpointVariable }: Facts): string {
  const url = (endpointVariable && env[endpointVariable]?.trim()) ?? "";
  return URL.canParse(url) ? new URL(url).host : plain(url);
}

function secretVariableOf({ endpointVariable }: Facts): string {
  return endpointVariable === "MSI_ENDPOINT" ? "MSI_SECRET" : "IDENTITY_HEADER";
}

function judgeVersions({ probes }: Facts): Finding {
  const answers = probes.map((probe) => `${probe.apiVersion} ${inShort(probe)}`).join(", ");
  const others = probes.filter((probe) => !probe.granted && !isUnsupportedVersion(probe));
  if (probes.some(({ granted }) => granted)) {
    const harmless = others.every(({ error }) => error?.code === "UNSUPPORTED_IDENTITY");
    return harmless
      ? pass(answers)
      : warn(answers, "The first one that answers is used. Run this again to see whether it stays.");
  }
  return probes.length > 0 && others.length === 0 ? fail(answers) : skip("no token tells");
}

function inShort(probe: Probe): string {
  if (probe.granted) {
    return "answers";
  }
  if (isUnsupportedVersion(probe)) {
    return "is not spoken here";
  }
  return probe.error?.code === "UNSUPPORTED_IDENTITY" ? "knows client ids only" : `fails (${probe.error?.code})`;
}
