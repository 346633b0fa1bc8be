import Tannin from "tannin";

import type { ByLocale } from "./frames";
import { setText } from "./text";

export type Locale = "zh_Hans" | "zh_Hant" | "en";

type Facts = Record<string, string | number>;
type Data = ConstructorParameters<typeof Tannin>[0];

const DOMAIN = "leitai";
let tannin: Tannin | undefined;

/** The language of the page. */
export function locale(): Locale {
  const named = document.documentElement.dataset["locale"];
  return named === "zh_Hant" || named === "en" ? named : "zh_Hans";
}

/** Load the page's catalogue; English is the source and needs none. */
export async function loadCatalogue(): Promise<void> {
  const name = locale();
  if (name === "en") return;
  const { default: catalogue } =
    name === "zh_Hant"
      ? await import("../../locales/zh_Hant.po")
      : await import("../../locales/zh_Hans.po");
  tannin = new Tannin({ [DOMAIN]: catalogue } as unknown as Data);
}

function fill(text: string, facts: Facts): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** The sentence in the page's language, its `%(name)s` filled. */
export function _(message: string, facts: Facts = {}): string {
  const words = tannin?.dcnpgettext(DOMAIN, undefined, message) ?? message;
  return fill(words, facts);
}

/** The form that fits `n`; `%(n)s` is filled with it, unless `facts` write it in another way. */
export function ngettext(one: string, many: string, n: number, facts: Facts = {}): string {
  const source = n === 1 ? one : many;
  const words = tannin?.dcnpgettext(DOMAIN, undefined, one, many, n) ?? source;
  return fill(words, { n, ...facts });
}

const HAN = /([々〇\u2e80-\u2fdf\u3400-\u9fff]+)/;

/** Put words into an element; on an English page the names among them say that they are Chinese. */
export function tag(element: Element, words: string): void {
  if (element.textContent === words) return;
  if (locale() !== "en") {
    setText(element, words);
    return;
  }
  const pieces = words.split(HAN).map((piece, place) => {
    if (place % 2 === 0) return piece;
    const name = Object.assign(document.createElement("bdi"), { lang: "zh" });
    name.textContent = piece;
    return name;
  });
  element.replaceChildren(...pieces);
}

/** Of a plan's words those of the page's language. */
export function text(words: ByLocale): string {
  return words[locale()] ?? words["zh_Hans"] ?? words["en"] ?? "";
}
