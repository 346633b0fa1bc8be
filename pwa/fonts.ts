import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import { decompress } from "wawoff2";

const PARTS = {
  "noto-sans-sc": ["latin", "chinese-simplified"],
  "noto-sans-tc": ["latin", "chinese-traditional"],
};
const WEIGHTS = [400, 700];

/** Lays the type of share cards beside the build, unpacked so that a size of it opens at once. The
 *  server reads it; no page refers to it, so no phone ever fetches it. */
export function fonts(): Plugin {
  return {
    name: "leitai-fonts",
    apply: "build",
    async generateBundle() {
      for (const [family, parts] of Object.entries(PARTS)) {
        for (const name of parts.flatMap((part) => WEIGHTS.map((weight) => `${family}-${part}-${weight}`))) {
          const file = new URL(`./node_modules/@fontsource/${family}/files/${name}-normal.woff2`, import.meta.url);
          this.emitFile({ type: "asset", fileName: `fonts/${name}.ttf`, source: await decompress(await readFile(file)) });
        }
      }
    },
  };
}
