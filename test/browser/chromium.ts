import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

/** Why no browser can start here; `undefined` where one can. */
export const whyNoBrowser: string | undefined =
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : `the Chromium that comes from npm runs on Linux on x64, not on ${process.platform} on ${process.arch}`;

const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));

/** Beside the package, so that it goes when the package goes. */
const unpacked = join(packageFolder, "unpacked");

/** Says to the package that it is where the machine has no libraries for it, so that it unpacks its own. */
const bareMachine = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };

/** The machine's fonts, with the package's Open Sans before them, so that letters are as wide everywhere. */
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(unpacked, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(unpacked, "fonts-cache")}</cachedir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/** The name of another site that leads to this machine, as a hostile one may. There is no other site. */
export const otherSite = "other-site.example";

const noOtherSites = `--host-resolver-rules=MAP ${otherSite} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;

/**
 * Starts Chromium with nothing installed: browser, libraries and fonts are in an npm package, which is unpacked the first time.
 * The flags are Playwright's: those of the package would turn off the same-origin policy.
 */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(unpacked)) {
    await unpack();
  }
  return chromium.launch({
    executablePath: join(unpacked, "chromium"),
    args: [noOtherSites],
    env: {
      HOME: unpacked,
      LD_LIBRARY_PATH: join(unpacked, "al2023/lib"),
      FONTCONFIG_FILE: join(unpacked, "fonts.conf"),
    },
  });
}

/** In a folder of its own first: others may be doing the same, and what is unpacked by half must never be found. */
async function unpack(): Promise<void> {
  const folder = await mkdtemp(join(packageFolder, "unpacking-"));
  try {
    const program = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
      env: { TMPDIR: folder, ...bareMachine },
    });
    await writeFile(join(folder, "fonts.conf"), fontSettings);
    await mkdir(join(folder, "fonts-cache"));
    await rename(folder, unpacked);
  } catch (error) {
    await rm(folder, { recursive: true });
    if (!existsSync(unpacked)) {
      throw error;
    }
  }
}
