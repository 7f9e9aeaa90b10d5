// One credential in one scenario, in a process of its own: node trial.ts <subject> <scenario> <address of the emulator's control API>
import { connectEmulator, type RemoteEmulator } from "@appservice-msi/emulator";
import type { Outcome, ReceivedError, ReceivedToken } from "./outcome.ts";
import { redact } from "./redaction.ts";
import { type App, type Call, type CredentialOptions, limitInMs, type Scenario } from "./scenario.ts";
import { findScenario } from "./scenarios.ts";
import { SentRequests } from "./sent-requests.ts";
import { shiftClock } from "./shifted-clock.ts";
import { type Credential, type IdKind, type Subject, subjects } from "./subjects.ts";

const scope = "https://storage.azure.com/.default";
const otherScope = "https://graph.microsoft.com/.default";

const hourInMs = 3_600_000;

/** Past the refresh point of a token that lives for a day, with jitter and all. */
const refreshIsDueInMs = 12.5 * hourInMs;

/** The app that holds the credential. */
class TrialApp implements App {
  readonly emulator: RemoteEmulator;
  readonly #make: () => Credential;
  readonly #limitInMs: number;
  readonly #sent = new SentRequests();
  #credential: Credential | undefined;

  constructor(emulator: RemoteEmulator, make: () => Credential, limit: number) {
    this.emulator = emulator;
    this.#make = make;
    this.#limitInMs = limit;
  }

  async prepare(): Promise<void> {
    const { ended, error } = await this.call();
    if (ended !== "token") {
      throw new Error(`There was no token to begin with: ${error?.message ?? ended}`);
    }
  }

  async call(call: Call = {}): Promise<Outcome> {
    const start = performance.now();
    const ending = await Promise.race([this.#ask(call), this.#limit()]);
    const durationInMs = Math.round(performance.now() - start);
    return { ...ending, durationInMs, ...this.#sent.since(start) };
  }

  async #ask(call: Call): Promise<Pick<Outcome, "ended" | "token" | "error">> {
    try {
      this.#credential ??= this.#make();
      const credential = call.onNewCredential ? this.#make() : this.#credential;
      const calls = Array.from({ length: call.callers ?? 1 }, () => getToken(credential, call));
      const tokens = await Promise.all(calls);
      return { ended: "token", token: describeToken(tokens[0]) };
    } catch (error) {
      return { ended: "error", error: describeError(error) };
    }
  }

  async #limit(): Promise<Pick<Outcome, "ended">> {
    await new Promise((resolve) => setTimeout(resolve, this.#limitInMs));
    return { ended: "waiting" };
  }
}

function getToken(credential: Credential, call: Call): ReturnType<Credential["getToken"]> {
  const { claims, abortAfterInMs } = call;
  const abort = new AbortController();
  if (abortAfterInMs === 0) {
    abort.abort();
  } else if (abortAfterInMs !== undefined) {
    setTimeout(() => abort.abort(), abortAfterInMs);
  }
  return credential.getToken(call.scope ?? scope, {
    ...(claims !== undefined && { claims }),
    ...(abortAfterInMs !== undefined && { abortSignal: abort.signal }),
  });
}

function describeToken(token: Awaited<ReturnType<Credential["getToken"]>> | undefined): ReceivedToken {
  if (!token) {
    throw new TypeError("getToken() gave nothing");
  }
  const [, payload = ""] = token.token.split(".");
  const refreshAfter = token.refreshAfterTimestamp;
  return {
    claims: JSON.parse(Buffer.from(payload, "base64url").toString()) as ReceivedToken["claims"],
    lifeInMs: token.expiresOnTimestamp - Date.now(),
    ...(refreshAfter !== undefined && { refreshInMs: refreshAfter - Date.now() }),
  };
}

function describeError(error: unknown): ReceivedError {
  const { name, message, code } = error as Error & { code?: unknown };
  return { name, message, ...(typeof code === "string" && { code }) };
}

/** The credential's own names for the options; nothing where it has none. */
function spell(options: CredentialOptions, { idOptions }: Subject): object | undefined {
  const spelt: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const isId = name === "clientId" || name === "resourceId" || name === "objectId";
    const own = isId ? idOptions[name satisfies IdKind] : name;
    if (own === undefined) {
      return undefined;
    }
    spelt[own] = value;
  }
  return spelt;
}

async function perform(subject: Subject, scenario: Scenario, control: string): Promise<Outcome> {
  const emulator = await connectEmulator(control);
  const [assigned] = emulator.identities.userAssigned;
  const options = spell((assigned && scenario.options?.(assigned)) ?? {}, subject);
  if (options === undefined) {
    return { ended: "lacking", durationInMs: 0, requestCount: 0, requests: [] };
  }
  const Credential = await subject.load();
  // Its own copy: some credentials write into the options they are given.
  const make = (): Credential => new Credential({ ...options });
  const app = new TrialApp(emulator, make, scenario.limitInMs ?? limitInMs);
  await setScene(scenario, app);
  return scenario.act ? scenario.act(app) : app.call(scenario.call);
}

async function setScene({ cold, refreshDue, fault, second }: Scenario, app: TrialApp): Promise<void> {
  if (!cold) {
    await app.call({ scope: otherScope });
  }
  if (refreshDue) {
    await app.prepare();
    shiftClock(refreshIsDueInMs);
    await app.emulator.clock.advance(refreshIsDueInMs);
  }
  if (fault) {
    const { name, ...settings } = fault;
    await app.emulator.faults.arm(name, settings);
  }
  if (second) {
    await app.prepare();
  }
}

const [subjectName, scenarioName = "", control = ""] = process.argv.slice(2);
const subject = subjects.find(({ name }) => name === subjectName);
const scenario = findScenario(scenarioName);
if (subject === undefined || scenario === undefined) {
  throw new TypeError(`No such subject or scenario: ${subjectName}, ${scenarioName}`);
}
const secrets = [process.env["IDENTITY_HEADER"], process.env["MSI_SECRET"]];
const outcome = await perform(subject, scenario, control);
secrets.push(process.env["IDENTITY_HEADER"]); // the scenario may have changed it
// Whatever a credential has still under way must not keep the process.
process.stdout.write(redact(JSON.stringify(outcome), secrets), () => process.exit());
