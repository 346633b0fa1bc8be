import { describe, expect, it } from "vitest";

import { ServerClock } from "../../pwa/src/lib/clock";
import { countdown, gap, money, signed } from "../../pwa/src/lib/format";

const ORIGIN = Date.parse("2026-06-30T06:00:00Z");
const iso = (ms: number): string => new Date(ORIGIN + ms).toISOString();

describe("server time", () => {
  it("is the phone's until the server speaks", () => {
    expect(new ServerClock(() => ORIGIN).now()).toBe(ORIGIN);
  });

  it("takes the least late of the recent messages", () => {
    let phone = ORIGIN - 7000;
    const clock = new ServerClock(() => phone);
    clock.hear(iso(-400));
    phone += 1000;
    clock.hear(iso(1000 - 50));
    phone += 1000;
    clock.hear(iso(2000 - 900));
    expect(clock.now()).toBe(ORIGIN + 2000 - 50);
  });

  it("starts afresh when the phone's clock was set", () => {
    let phone = ORIGIN;
    const clock = new ServerClock(() => phone);
    clock.hear(iso(0));
    phone += 3_600_000;
    clock.hear(iso(10));
    expect(clock.now()).toBe(ORIGIN + 10);
  });

  it("forgets samples that are too old to be true", () => {
    let phone = ORIGIN;
    const clock = new ServerClock(() => phone, 2);
    clock.hear(iso(500));
    for (let second = 1; second <= 2; second++) {
      phone += 1000;
      clock.hear(iso(second * 1000));
    }
    expect(clock.offset).toBe(0);
  });

  it("does not believe what is no time", () => {
    const clock = new ServerClock(() => ORIGIN);
    clock.hear("soon");
    expect(clock.offset).toBe(0);
  });
});

describe("figures", () => {
  it.each([
    [8049, "02:14:09"],
    [0, "00:00:00"],
    [-5, "00:00:00"],
    [86400 * 3 + 8040, "3d 02:14"],
  ])("%d s are left as %s", (seconds, shown) => {
    expect(countdown(iso(seconds * 1000), ORIGIN)).toBe(shown);
  });

  it.each([[770000, "¥7,700"], [46250, "¥462.50"], [5, "¥0.05"], [-5, "−¥0.05"]])("%d 分 is %s", (cents, shown) => {
    expect(money(cents)).toBe(shown);
  });

  it("signs a change and shows a gap with two digits at most", () => {
    expect([signed(60), signed(-300), signed(0)]).toEqual(["+60", "−300", "0"]);
    expect([gap(153), gap(3.5), gap(10 / 3)]).toEqual(["153", "3.5", "3.33"]);
  });
});
