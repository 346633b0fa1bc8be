import { describe, expect, it } from "vitest";

import { destination, grouped, readCode } from "../../pwa/src/islands/coupons/codes.ts";

const SITE = "pk.example.com";
const TOKEN = "7K2M9QXD4T7K2M9QXD4T7K2M9Q";

describe("a typed code", () => {
  it.each([
    ["7K2M-9QXD-4T", "7K2M9QXD4T"],
    ["7k2m 9qxd 4t", "7K2M9QXD4T"],
    ["oil0-oil0-00", "0110011000"],
    ["７Ｋ２Ｍ９ＱＸＤ４Ｔ", "7K2M9QXD4T"],
    ["7K2M–9QXD—4T", "7K2M9QXD4T"],
  ])("%s is meant as %s", (typed, code) => expect(readCode(typed)).toBe(code));

  it.each(["", "7K2M-9QXD-4", "7K2M-9QXD-4T7", "7K2M-9QXD-4!", "https://pk.example.com/"])(
    "%s is none",
    (typed) => expect(readCode(typed)).toBeUndefined(),
  );

  it.each([
    ["7k2", "7K2"],
    ["7k2m9", "7K2M-9"],
    ["7k2m9qxd4t", "7K2M-9QXD-4T"],
    ["7k2m-9qxd-4t99", "7K2M-9QXD-4T"],
  ])("%s is written %s", (typed, shown) => expect(grouped(typed)).toBe(shown));
});

describe("a scanned text", () => {
  it("of a coupon leads to its check, however it is written", () => {
    const go = { go: `/till/check/${TOKEN}` };
    expect(destination(`HTTPS://PK.EXAMPLE.COM/C/${TOKEN}`, SITE)).toEqual(go);
    expect(destination(`https://pk.example.com/c/${TOKEN.toLowerCase()}`, SITE)).toEqual(go);
    expect(destination(` http://pk.example.com/C/${TOKEN} `, SITE)).toEqual(go);
  });

  it("of any other page of ours leads there", () => {
    expect(destination("HTTPS://PK.EXAMPLE.COM/R/7K2M9QXD", SITE)).toEqual({ go: "/R/7K2M9QXD" });
    expect(destination("https://pk.example.com/redemptions/1?code=2", SITE)).toEqual({ go: "/redemptions/1?code=2" });
  });

  it("that is a bare code is looked up as a typed one", () => {
    expect(destination("7k2m-9qxd-4t", SITE)).toEqual({ code: "7K2M9QXD4T" });
  });

  it.each([
    "https://evil.example/c/" + TOKEN,
    "https://pk.example.com.evil.example/c/" + TOKEN,
    "javascript:alert(1)",
    "//pk.example.com/c/" + TOKEN,
    "https://pk.example.com@evil.example/c/" + TOKEN,
    "WIFI:S:store;;",
    "",
  ])("%s leads nowhere", (text) => expect(destination(text, SITE)).toBeUndefined());

  it("knows its port", () => {
    expect(destination("HTTP://127.0.0.1:8000/C/" + TOKEN, "127.0.0.1:8000")).toEqual({ go: `/till/check/${TOKEN}` });
    expect(destination("HTTP://127.0.0.1:9000/C/" + TOKEN, "127.0.0.1:8000")).toBeUndefined();
  });
});
