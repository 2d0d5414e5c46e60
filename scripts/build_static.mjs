// Copies what the pages need from node_modules into the design room's static files:
// KERN UX as it is (with its licence), Fira Sans cut down to the letters of DIN SPEC 91379, htmx,
// and Leaflet for the maps of those operators who have some. Arabic letters for PDF documents go
// to where the typesetter finds them.
//
//   npm ci && node scripts/build_static.mjs
//
// The results are not kept in version control; running it twice changes nothing.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const resolve = createRequire(import.meta.url).resolve;
const target = path.join(root, "src", "dienstweg", "design", "static");
const kern = path.dirname(path.dirname(resolve("@kern-ux/native/dist/kern.min.css")));
const tus = path.join(root, "node_modules", "tus-js-client");
const arabic = path.join(root, "node_modules", "@expo-google-fonts", "ibm-plex-sans-arabic");
const fonts = path.join(root, "src", "dienstweg", "blueprint", "fonts");
const htmx = path.dirname(path.dirname(resolve("htmx.org/dist/htmx.min.js")));
const leaflet = path.dirname(path.dirname(resolve("leaflet/dist/leaflet.js")));

// Latin letters with all marks that German authorities must accept (DIN SPEC 91379), punctuation,
// currencies and arrows. Everything else falls back to the fonts of the device.
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x259, 0x259],
  [0x2b0, 0x2ff],
  [0x300, 0x36f],
  [0x1e00, 0x1eff],
  [0x2000, 0x206f],
  [0x20a0, 0x20bf],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
];
const WEIGHTS = ["Regular", "SemiBold"];

const letters = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)),
).join("");

async function buildKern() {
  const folder = path.join(target, "kern");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(kern, "dist", "kern.min.css"), path.join(folder, "kern.min.css"));
  await copyFile(path.join(kern, "LICENSE.md"), path.join(folder, "LICENSE.md"));
  for (const name of WEIGHTS) {
    const source = path.join(kern, "dist", "fonts", "fira-sans", `FiraSans-${name}.woff2`);
    const font = await subsetFont(await readFile(source), letters, { targetFormat: "woff2" });
    await writeFile(path.join(folder, `FiraSans-${name}.woff2`), font);
  }
}

async function buildHtmx() {
  const folder = path.join(target, "htmx");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(htmx, "dist", "htmx.min.js"), path.join(folder, "htmx.min.js"));
  await copyFile(path.join(htmx, "LICENSE"), path.join(folder, "LICENSE"));
}

async function buildLeaflet() {
  const folder = path.join(target, "leaflet");
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "images"), { recursive: true });
  for (const name of ["leaflet.js", "leaflet.css"]) {
    // Without its last line, which names a file for debugging that we do not carry.
    const text = await readFile(path.join(leaflet, "dist", name), "utf8");
    await writeFile(path.join(folder, name), text.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  }
  for (const name of ["layers.png", "layers-2x.png", "marker-icon.png"]) {
    await copyFile(path.join(leaflet, "dist", "images", name), path.join(folder, "images", name));
  }
  await copyFile(path.join(leaflet, "LICENSE"), path.join(folder, "LICENSE"));
}

async function buildTus() {
  const folder = path.join(target, "tus");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Without its last line, which names a file for debugging that we do not carry.
  const text = await readFile(path.join(tus, "dist", "tus.min.js"), "utf8");
  await writeFile(
    path.join(folder, "tus.min.js"),
    text.replace(/^\/\/# sourceMappingURL=.*$/m, ""),
  );
  await copyFile(path.join(tus, "LICENSE"), path.join(folder, "LICENSE"));
}

async function buildFonts() {
  await rm(fonts, { recursive: true, force: true });
  await mkdir(fonts, { recursive: true });
  for (const weight of ["400Regular", "700Bold"]) {
    const name = `IBMPlexSansArabic_${weight}.ttf`;
    await copyFile(path.join(arabic, weight, name), path.join(fonts, name));
  }
  await copyFile(path.join(arabic, "LICENSE_FONT"), path.join(fonts, "LICENSE"));
}

await buildKern();
await buildHtmx();
await buildLeaflet();
await buildTus();
await buildFonts();
console.log(`static files written to ${path.relative(root, target)}/{kern,htmx,leaflet,tus}`);
console.log(`fonts written to ${path.relative(root, fonts)}`);
