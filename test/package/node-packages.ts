import { arch, platform } from "node:os";

/** The npm package that is the program `node` of this platform; `node` itself would fetch it by an install script. */
const nodePackage = `node-${platform() === "win32" ? "win" : platform()}-${arch()}`;

/** The versions of Node that the packages promise to run on, as dependencies under a name for each. */
export const nodePackages: Readonly<Record<string, string>> = {
  "node-22": `npm:${nodePackage}@22.23.3`,
  "node-24": `npm:${nodePackage}@24.21.0`,
  "node-26": `npm:${nodePackage}@26.10.0`,
};
