import { clearLine, cursorTo } from "node:readline";
import type { Io } from "./io.ts";

/** What is over sooner needs no progress line. */
const quietForInMs = 1000;

/** Does something; on a terminal, a line says what and for how long when it takes more than a second, and goes when it is over. */
export async function withProgress<T>({ stderr }: Pick<Io, "stderr">, what: string, work: Promise<T>): Promise<T> {
  if (stderr.isTTY !== true) {
    return work;
  }
  const start = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    cursorTo(stderr, 0);
    stderr.write(`${what} … ${Math.round((performance.now() - start) / 1000)} s`);
  }, quietForInMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (shown) {
      clearLine(stderr, 0);
      cursorTo(stderr, 0);
    }
  }
}
