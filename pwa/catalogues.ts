import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** What tannin reads: msgid → translations, with the header under "". */
export type Catalogue = Record<string, string[] | Record<string, string>>;

const FILE = /locales\/(zh_Hans|zh_Hant)\.po$/;
const STRING = /"((?:[^"\\]|\\.)*)"/;

function unquote(line: string): string {
  const quoted = STRING.exec(line);
  return quoted ? (JSON.parse(`"${quoted[1]}"`) as string) : "";
}

/** One entry of a .po file: its msgid, its translations, and the sources that use it. */
function parseEntry(block: string): { id: string; texts: string[]; sources: string } {
  let field = "";
  const fields: Record<string, string> = {};
  const sources: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("#:")) sources.push(line.slice(2));
    const named = /^(msgid|msgid_plural|msgstr(?:\[\d\])?) /.exec(line);
    if (named) field = named[1] ?? "";
    if (named || line.startsWith('"')) fields[field] = (fields[field] ?? "") + unquote(line);
  }
  const texts = Object.keys(fields).filter((name) => name.startsWith("msgstr")).sort();
  return { id: fields["msgid"] ?? "", texts: texts.map((name) => fields[name] ?? ""), sources: sources.join(" ") };
}

/** The entries of a .po file that TypeScript uses, as tannin wants them. */
export function toCatalogue(po: string): Catalogue {
  const catalogue: Catalogue = {
    "": { domain: "leitai", lang: "zh", "plural-forms": "nplurals=1; plural=0;" },
  };
  for (const block of po.split(/\n\n+/)) {
    const { id, texts, sources } = parseEntry(block);
    const translated = texts.length > 0 && texts.every((text) => text !== "");
    if (id && translated && sources.includes("pwa/src/")) catalogue[id] = texts;
  }
  return catalogue;
}

/** Lets TypeScript import "../../locales/zh_Hans.po": one catalogue for Python, Jinja and TypeScript. */
export function catalogues(): Plugin {
  return {
    name: "leitai-catalogues",
    load(id) {
      if (!FILE.test(id)) return null;
      const catalogue = toCatalogue(readFileSync(id, "utf8"));
      return { code: `export default ${JSON.stringify(catalogue)}`, moduleType: "js", map: null };
    },
  };
}
