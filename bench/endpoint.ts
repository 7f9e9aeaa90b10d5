import { type Emulator, startEmulator } from "@appservice-msi/emulator";

/** The identity endpoint that everyone asks, with a count of who asked. */
export interface Endpoint {
  readonly emulator: Emulator;
  /** The variables of a process on App Service. */
  readonly env: NodeJS.ProcessEnv;
  /** How many requests came while the work was done. */
  countRequests(work: () => Promise<void>): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An endpoint in this process, which is idle while another one is measured. */
export async function openEndpoint(): Promise<Endpoint> {
  const emulator = await startEmulator();
  let requests = 0;
  emulator.journal.subscribe(({ id }) => {
    requests = Math.max(requests, id);
  });
  await makeKeys(emulator);
  return {
    emulator,
    get env() {
      return { ...emulator.env };
    },
    async countRequests(work) {
      const before = requests;
      await work();
      return requests - before;
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

/** The first token waits for the key that signs it; nobody shall be charged for that. */
async function makeKeys({ env }: Emulator): Promise<void> {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER = "" } = env;
  const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https://storage.azure.com`;
  await (await fetch(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } })).arrayBuffer();
}
