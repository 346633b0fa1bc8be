import { beforeEach, expect, test, vi } from "vitest";

import { visits, way } from "../../pwa/src/lib/install";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile Safari/604.1";
const ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A245F) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";

let alone = false;
let touch = 0;

beforeEach(() => {
  alone = false;
  touch = 0;
  vi.stubGlobal("matchMedia", () => ({ matches: alone }));
  vi.stubGlobal("navigator", { get maxTouchPoints() { return touch; } });
});

test.each([
  ["an iPhone", IPHONE, "ios"],
  ["WeChat on Android", `${ANDROID} MicroMessenger/8.0.50`, "webview"],
  ["WeChat on an iPhone", `${IPHONE} MicroMessenger/8.0.50`, "webview"],
  ["WeCom", `${ANDROID} wxwork/4.1 MicroMessenger/7.0.1`, "webview"],
  ["QQ", `${ANDROID} QQ/9.0`, "webview"],
  ["Android before its browser asked", ANDROID, "none"],
  ["a computer", MAC, "none"],
])("%s gets on the home screen its own way", (_who, agent, expected) => {
  expect(way(agent)).toBe(expected);
});

test("an iPad says it is a Mac and has fingers", () => {
  touch = 5;
  expect(way(MAC)).toBe("ios");
});

test("what is installed is not offered again", () => {
  alone = true;
  expect(way(IPHONE)).toBe("installed");
});

test("pages within half an hour are one visit", () => {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as unknown as Storage;
  const minute = 60_000;
  const at = (minutes: number): number => visits(store, Date.parse("2026-11-23T09:00:00Z") + minutes * minute);
  expect([at(0), at(1), at(25), at(50)]).toEqual([1, 1, 1, 1]);
  expect([at(81), at(82), at(200)]).toEqual([2, 2, 3]);
});
