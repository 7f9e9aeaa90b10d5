export { main } from "./main.ts";
export type { Environment, Input, Io, Output } from "./io.ts";
