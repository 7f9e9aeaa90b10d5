import { styleText } from "node:util";
import type { Environment, Output } from "./io.ts";

type Format = Parameters<typeof styleText>[0];

/** Gives text a colour, or leaves it as it is where nobody would see one. */
export type Paint = (format: Format, text: string) => string;

/** Colours for a terminal that shows them, unless `NO_COLOR` is set. A file or a pipe gets none. */
export function paintFor(output: Output, env: Environment): Paint {
  // `getColorDepth` heeds NO_COLOR, NODE_DISABLE_COLORS, FORCE_COLOR and TERM; fewer than 4 bits are no colours.
  const colours = output.isTTY === true && (output.getColorDepth?.(env) ?? 1) >= 4;
  return colours ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}
