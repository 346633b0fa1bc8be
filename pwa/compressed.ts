import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|wasm|svg|json)$/;

/** Leaves each built file also as .br and .gz beside it: server/kit/statics.py sends the smallest. */
export function compressed(): Plugin {
  let folder = "";
  return {
    name: "leitai-compressed",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    // After the service worker, which is written when the bundle is closed.
    closeBundle: {
      order: "post",
      sequential: true,
      handler() {
        for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
          if (!TEXT.test(name) || name.startsWith(".")) continue;
          const body = readFileSync(join(folder, name));
          const size = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
          writeFileSync(join(folder, `${name}.br`), brotliCompressSync(body, size));
          writeFileSync(join(folder, `${name}.gz`), gzipSync(body, { level: 9 }));
        }
      },
    },
  };
}
