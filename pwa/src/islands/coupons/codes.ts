const ALPHABET = /^[0-9A-HJKMNP-TV-Z]*$/;
const CODE_LENGTH = 10;
const TOKEN_LENGTH = 26;
const NOISE = /[\s\-‐-―_.·]+/g;
const LOOKALIKES: Record<string, string> = { O: "0", I: "1", L: "1", U: "V" };

/** The characters of a code or token that were meant, whatever their case and dashes. */
export function meant(typed: string): string {
  const text = typed.normalize("NFKC").replace(NOISE, "").toUpperCase();
  return text.replace(/[OILU]/g, (letter) => LOOKALIKES[letter] ?? letter);
}

/** The code of a coupon as the server reads it; undefined where it can't be one. */
export function readCode(typed: string): string | undefined {
  const text = meant(typed);
  return text.length === CODE_LENGTH && ALPHABET.test(text) ? text : undefined;
}

/** XXXX-XXXX-XX, as far as it is typed. */
export function grouped(typed: string): string {
  const text = meant(typed).slice(0, CODE_LENGTH);
  return [text.slice(0, 4), text.slice(4, 8), text.slice(8)].filter(Boolean).join("-");
}

export type Found = { go: string } | { code: string } | undefined;

/** Where a scanned text leads: a page of this site (codes speak in capitals), a coupon's code, or
 *  nowhere of ours. */
export function destination(scanned: string, site: string): Found {
  const text = scanned.trim();
  const code = readCode(text);
  if (code) return { code };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.host.toLowerCase() !== site.toLowerCase() || !/^https?:$/.test(url.protocol)) return undefined;
  const coupon = /^\/c\/([^/]+)$/i.exec(url.pathname);
  const token = coupon ? meant(coupon[1] ?? "") : "";
  if (token.length === TOKEN_LENGTH && ALPHABET.test(token)) return { go: `/till/check/${token}` };
  return { go: url.pathname + url.search };
}
