// Bundle the page into patternlint/library_report/assets. With --check, fail if the committed files differ.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "..", "patternlint", "library_report", "assets");
const banner = "Generated from report-ui/src. Edit there, then run `npm ci && npm run build` in report-ui.";

/** Return the hash of all sources. A test compares it with the banner, so that a stale bundle is noticed without Node.js. */
function sourceHash() {
  const hash = createHash("sha256");
  for (const name of readdirSync(join(here, "src")).sort()) {
    hash.update(name).update("\0").update(readFileSync(join(here, "src", name), "utf8").replaceAll("\r\n", "\n")).update("\0");
  }
  return hash.digest("hex");
}

async function bundle(entry, outfile) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "iife",
    target: ["es2022", "chrome110", "firefox113", "safari16.4"],
    legalComments: "none",
    metafile: true,
    write: false,
    outfile,
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

/** Return the licenses of the bundled packages, sorted by name. */
function licenses(inputs) {
  const packages = new Set(inputs.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []));
  return [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
}

const script = await bundle("src/main.ts", "report.js");
const style = await bundle("src/report.css", "report.css");
const mark = `/* ${banner}\n   sources: ${sourceHash()} */\n`;
const files = {
  "report.js": mark + script.text,
  "report.css": mark + style.text,
  "LICENSES.txt": `Packages bundled in report.js.\n\n${licenses(script.inputs).join(`\n${"-".repeat(80)}\n\n`)}`,
};

let stale = false;
for (const [name, text] of Object.entries(files)) {
  if (text.includes("</script") || text.includes("</style")) throw new Error(`${name} would end its element`);
  const path = join(assets, name);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${name} differs from a new build`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);
