/** What a credential hands out. */
export interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** What all contestants have in common. */
export interface Credential {
  getToken(scopes: string | string[], options?: object): Promise<Token>;
}

/** Loads a contestant's class from its module. */
export async function loadCredential(module: string): Promise<new (options?: object) => Credential> {
  const { Credential } = (await import(module)) as { Credential: new (options?: object) => Credential };
  return Credential;
}

/** How long something took: by the clock, and of the processors' time. */
export interface Duration {
  readonly elapsedInMs: number;
  readonly processorInMs: number;
}

/** Measures a piece of work. */
export async function measureDuration(work: () => Promise<unknown>): Promise<Duration> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const elapsedInMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { elapsedInMs, processorInMs: (user + system) / 1000 };
}

/** What this process was asked to do. */
export function readInput(): { module: string } {
  return JSON.parse(process.argv[2] as string) as { module: string };
}

/** Hands the result to the process that asked for it. */
export function report(result: unknown): void {
  process.stdout.write(JSON.stringify(result), () => process.exit());
}

/** Says that all is prepared, and waits for the word to go on. */
export async function ready(): Promise<void> {
  const go = new Promise((resolve) => process.once("message", resolve));
  process.send?.("ready");
  await go;
}

/** The scope that most apps ask for first. */
export const storageScope = "https://storage.azure.com/.default";
