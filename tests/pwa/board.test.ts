import { beforeAll, describe, expect, it, vi } from "vitest";

import type { Frame, Side } from "../../pwa/src/lib/frames";
import { initialOf, placeOf, wordsOf } from "../../pwa/src/islands/battles/board";
import { isOtherPage } from "../../pwa/src/islands/battles/live";

const AT = "2026-06-30T14:45:51+08:00";
const side = (name: string, place: number): Side => ({ name, place, rank: place, score: "1", shown: "1", members: 1 });

function frame(change: Partial<Frame> = {}): Frame {
  return {
    board: "b1", epoch: "e", version: 1, state: "live", delayed: false, at: AT, as_of: AT, starts: AT, cut_off: AT,
    title: {}, sides: [side("一队", 1), side("三队", 2)], top: [], moment: null, moments: [],
    pot: { asset: "cash", total: 0 }, winners: [], ...change,
  };
}

describe("what a frame changes", () => {
  it.each([
    ["another order of the sides", { sides: [side("三队", 2), side("一队", 1)] }, false],
    ["another score", { version: 2 }, false],
    ["another state", { state: "auditing" as const }, true],
    ["another side", { sides: [side("一队", 1), side("七队", 3)] }, true],
    ["one side more", { sides: [side("一队", 1), side("三队", 2), side("七队", 3)] }, true],
  ])("%s: the server draws anew is %s", (_name, change, expected) => {
    expect(isOtherPage(frame(), frame(change))).toBe(expected);
  });

  it("finds the colour of a side, 0 of one that is gone", () => {
    expect([placeOf(frame(), "三队"), placeOf(frame(), "九队")]).toEqual([2, 0]);
  });
});

describe("the letter on a face", () => {
  it.each([
    ["梅", "梅"],
    ["王小梅", "梅"],
    ["陈女士", "陈"],
    ["Anna", "A"],
  ])("of %s is %s, as the server draws it", (name, letter) => {
    expect(initialOf(name)).toBe(letter);
  });
});

describe("what happened, in words", () => {
  beforeAll(() => vi.stubGlobal("document", { documentElement: { dataset: {} } }));

  const moment = { name: "梅", side: "一队", kind_title: { zh_Hans: "A 类客户：签订协议" }, points: 30, at: AT };

  it.each([
    ["took_lead", "梅: A 类客户. 一队 takes the lead"],
    ["widened", "梅: A 类客户. 一队 pulls further ahead"],
    ["narrowed", "梅: A 类客户. 一队 closes in"],
    ["moved", "梅: A 类客户 for 一队"],
  ] as const)("%s", (effect, words) => {
    expect(wordsOf({ ...moment, effect })).toBe(words);
  });
});
