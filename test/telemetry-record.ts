import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Instrumenter, type TracingContext, useInstrumenter } from "@azure/core-tracing";
import { AzureLogger, setLogLevel } from "@azure/logger";
import { textOf } from "./canaries.ts";

/** All that the credential and the Azure SDK's core say besides their results: log lines, spans, events. */
export interface TelemetryRecord {
  readonly logs: string[];
  readonly spans: unknown[];
  readonly events: unknown[];
  /** Gives all of it as text, and begins anew. */
  take(): { readonly text: string; readonly logs: number; readonly spans: number; readonly events: number };
  stop(): void;
}

/** Writes down, from now on, every log line of every level, all that a tracer is told, and every event. */
export function recordTelemetry(): TelemetryRecord {
  const record = { logs: [] as string[], spans: [] as unknown[], events: [] as unknown[] };
  const listen = (event: unknown): void => void record.events.push(event);
  const { log } = AzureLogger;
  AzureLogger.log = (...parts) => void record.logs.push(parts.map((part) => textOf(part)).join(" "));
  setLogLevel("verbose");
  useInstrumenter(recorder((...facts) => void record.spans.push(...facts)));
  subscribe("appservice-msi:token", listen);
  return {
    ...record,
    take() {
      const [logs, spans, events] = [record.logs.splice(0), record.spans.splice(0), record.events.splice(0)];
      const text = [...logs, textOf(spans), textOf(events)].join("\n");
      return { text, logs: logs.length, spans: spans.length, events: events.length };
    },
    stop() {
      setLogLevel();
      AzureLogger.log = log;
      unsubscribe("appservice-msi:token", listen);
    },
  };
}

function recorder(note: (...facts: unknown[]) => void): Instrumenter {
  const context: TracingContext = { getValue: () => undefined, setValue: () => context, deleteValue: () => context };
  return {
    createRequestHeaders: () => ({}),
    parseTraceparentHeader: () => undefined,
    startSpan: (name, options) => {
      note(name, options);
      const span = {
        end: note,
        isRecording: () => true,
        recordException: note,
        setAttribute: note,
        setStatus: note,
        addEvent: note,
      };
      return { span, tracingContext: context };
    },
    withContext: (_context, callback, ...args) => callback(...args),
  };
}
