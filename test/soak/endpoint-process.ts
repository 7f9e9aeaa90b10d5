import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Order, Report } from "./endpoint.ts";

/** As in the script `soak` of package.json: garbage that may pile up is not to be taken for growth. */
const limits = ["--max-semi-space-size=4"];

type RestReport = Extract<Report, { report: "rest" }>;

/** The endpoint of the long run, seen from the process of the callers. */
export class EndpointProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** The variables that lead to it, as they are by now. */
  readonly env: Record<string, string> = {};

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: Report) => {
      if (message.report === "variables") {
        Object.assign(this.env, message.env);
      }
    });
  }

  /** Starts the process. The same seed brings the same series of faults. */
  static async start(seed: number): Promise<EndpointProcess> {
    const child = fork(join(import.meta.dirname, "endpoint.ts"), [String(seed)], { execArgv: limits });
    const endpoint = new EndpointProcess(child);
    await endpoint.#hear("variables");
    return endpoint;
  }

  /** From now on it meets with faults. */
  beginTrouble(): void {
    this.#send({ order: "trouble" });
  }

  /** Ends all faults, waits until its handles are down to `usualHandles`, and reads what it holds. */
  async rest(usualHandles: number): Promise<RestReport> {
    this.#send({ order: "rest", usualHandles });
    return (await this.#hear("rest")) as RestReport;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const exit = once(this.#child, "exit");
      this.#child.disconnect();
      await exit;
    }
  }

  #send(order: Order): void {
    this.#child.send(order);
  }

  #hear(report: Report["report"]): Promise<Report> {
    return new Promise((resolve, reject) => {
      const exited = (code: number | null): void => reject(new Error(`The endpoint's process ended with ${code}.`));
      const listen = (message: Report): void => {
        if (message.report === report) {
          this.#child.off("message", listen).off("exit", exited);
          resolve(message);
        }
      };
      this.#child.on("message", listen).once("exit", exited);
    });
  }
}
