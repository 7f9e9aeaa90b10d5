import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";

const url = z.url({ protocol: /^https$/ });
const time = z.iso.datetime();
const texts = z.record(z.string(), z.string());

/** Where a fact is from, by the marks of docs/protocol.md. */
const source = z
  .strictObject({
    doc: url.optional(),
    source: url.optional(),
    recorded: url.optional(),
    report: url.optional(),
    /** Nobody has written it down: why it is taken to be so. */
    guess: z.string().optional(),
    /** A decision of ours, and where it stands. */
    decision: z.string().optional(),
  })
  .refine((marks) => Object.keys(marks).length > 0, "Say where it is from");

const identity = { clientId: z.string(), resourceId: z.string(), objectId: z.string() };

const call = z.strictObject({
  scopes: z.union([z.string(), z.array(z.string())]),
  /** The ids as `ManagedIdentityCredential` names them, which both credentials take. */
  options: z
    .strictObject({
      ...identity,
      apiVersion: z.enum(["2019-08-01", "2017-09-01"]),
      retryOptions: z.strictObject({ maxRetries: z.int() }),
    })
    .partial()
    .optional(),
});

const request = z.strictObject({
  method: z.string().default("GET"),
  path: z.string(),
  query: texts,
  /** The header that carries the secret, and no other of its kind. */
  headers: texts,
});

const response = z.strictObject({
  status: z.int(),
  /** Those that matter. `null`: there is none. */
  headers: z.record(z.string(), z.string().nullable()).default({}),
  /** A body of JSON, or a body as it is. */
  json: z.json().optional(),
  text: z.string().optional(),
});

const exchange = z.strictObject({
  /** How long after the request before this one it is sent, where that is laid down. */
  afterInMs: z.int().optional(),
  /** How often it takes place in a row. */
  times: z.int().default(1),
  request,
  response: z.union([response, z.literal("reset")]),
  /** The fault of the emulator that brings this answer about. */
  fault: z.looseObject({ name: z.string() }).optional(),
  /** Variables that are other ones once it is answered. */
  sets: texts.optional(),
});

const token = z.strictObject({ token: z.string(), expiresOn: time });
const failure = z.strictObject({
  code: z.string(),
  statusCode: z.int().optional(),
  apiVersion: z.string().optional(),
});

const outcome = z.union([token, failure]);

const transcript = z
  .strictObject({
    /** The situation, as the end of "this is what happens". */
    name: z.string(),
    source,
    /** When it takes place. */
    now: time.default("2030-01-05T05:24:12Z"),
    /** The emulated host that gives these answers. Absent: no emulator is asked. */
    host: z
      .enum(["app-service-linux", "app-service-windows", "functions-linux-consumption", "container-apps", "azure-ml"])
      .optional(),
    /** Whether the app has a system-assigned identity. It always has the user-assigned one. */
    systemAssigned: z.boolean().default(true),
    env: texts.optional(),
    /** What the app asks. Absent: the requests are such as no credential of these sends. */
    call: call.optional(),
    exchanges: z.array(exchange),
    outcome: outcome.optional(),
  })
  .refine(
    ({ env, call: asked, outcome: ended }) => !asked === !ended && !asked === !env,
    "env, call and outcome go together",
  )
  .refine(({ call: asked, host }) => asked ?? host, "Nobody is held to it: it has neither call nor host");

const file = z.strictObject({ title: z.string(), transcripts: z.array(transcript) });

/** What goes over the wire in one situation, and what comes of it. */
export type Transcript = z.infer<typeof transcript> & { readonly file: string; readonly title: string };

/** A transcript with a call: one that a credential can be held to. */
export type Call = Transcript & {
  readonly env: z.infer<typeof texts>;
  readonly call: z.infer<typeof call>;
  readonly outcome: z.infer<typeof outcome>;
};

export type Exchange = z.infer<typeof exchange>;
export type Response = z.infer<typeof response>;

/** The transcripts of a file. Throws at a field that there is not, as at one that is missing or wrong. */
export function parseTranscripts(name: string, text: string): Transcript[] {
  const result = file.safeParse(JSON.parse(text));
  if (!result.success) {
    throw new TypeError(`${name}: ${z.prettifyError(result.error)}`);
  }
  const { title, transcripts } = result.data;
  return transcripts.map((each) => ({ ...each, file: name, title }));
}

/** All transcripts, in the order of their files' names. */
export function readTranscripts(): Transcript[] {
  const folder = join(import.meta.dirname, "transcripts");
  return globSync("*.json", { cwd: folder })
    .toSorted()
    .flatMap((name) => parseTranscripts(basename(name, ".json"), readFileSync(join(folder, name), "utf8")));
}

/** The transcripts that a credential can be held to. */
export function readCalls(): Call[] {
  return readTranscripts().filter((each): each is Call => each.call !== undefined);
}

/** Each with its name in full, for the names of tests. */
export function labelled<Each extends Transcript>(transcripts: readonly Each[]): [label: string, transcript: Each][] {
  return transcripts.map((each) => [`${each.title}: ${each.name}`, each]);
}
