import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";
import { VitePWA } from "vite-plugin-pwa";

import { catalogues } from "./catalogues.ts";
import { compressed } from "./compressed.ts";
import { fonts } from "./fonts.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const only = readdirSync(`${here}styles/only`).map((name) => `styles/only/${name}`);

/* Old web views are floor and ceiling: layers need Chrome 99 and Safari 15.4. */
const floor = ["chrome99", "safari15.4"];

export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  build: {
    outDir: "../static/build",
    emptyOutDir: true,
    manifest: true,
    target: floor,
    cssTarget: floor,
    // A page is told early what its scripts import; a polyfill for that only weighs.
    modulePreload: false,
    rolldownOptions: {
      input: ["src/main.ts", "src/screen.ts", "styles/main.css", ...only],
      output: { codeSplitting: { groups: [{ name: "common", test: /\/src\/lib\/|preact/, minShareCount: 2 }] } },
    },
  },
  css: { transformer: "lightningcss" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    catalogues(),
    fonts(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "service_worker.ts",
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ["assets/*.{js,css}"],
        // Tills alone read codes: theirs is fetched when it is needed, and kept from then on.
        globIgnores: ["assets/till-*.js", "assets/ponyfill-*", "assets/styleguide-*"],
        modifyURLPrefix: { "assets/": "/static/build/assets/" },
        dontCacheBustURLsMatching: /assets\//,
        additionalManifestEntries: [{ url: "/offline", revision: `${Date.now()}` }],
      },
    }),
    compressed(),
  ],
  // The tests stand outside this folder and find its packages by name.
  resolve: {
    alias: Object.fromEntries(
      ["fake-indexeddb/auto", "fast-check"].map((name) => [name, fileURLToPath(import.meta.resolve(name))]),
    ),
  },
  test: { include: ["../tests/pwa/**/*.test.ts"] },
});
