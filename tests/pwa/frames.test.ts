import { describe, expect, it } from "vitest";

import { type Frame, isNewer, measure, Newest } from "../../pwa/src/lib/frames";

function frame(epoch: string, version: number, at = "2026-06-30T14:45:51+08:00"): Frame {
  return {
    board: "b1", epoch, version, state: "live", delayed: false, at, as_of: at, starts: at, cut_off: at,
    title: {}, sides: [], top: [], moment: null, moments: [], pot: { asset: "cash", total: 0 }, winners: [],
  };
}

describe("the newest frame", () => {
  it.each([
    ["the first is taken", undefined, frame("a", 1), true],
    ["a higher version is taken", frame("a", 1), frame("a", 2), true],
    ["the same version says a newer time", frame("a", 2), frame("a", 2), true],
    ["a lower version of the same epoch is a process that lags", frame("a", 2), frame("a", 1), false],
    ["another epoch starts anew", frame("a", 9), frame("b", 1), true],
    [
      "an epoch that is over does not come back",
      frame("b", 1, "2026-06-30T14:46:00+08:00"),
      frame("a", 9, "2026-06-30T14:45:00+08:00"),
      false,
    ],
  ])("%s", (_name, shown, next, expected) => {
    expect(isNewer(shown, next)).toBe(expected);
  });

  it("keeps boards apart and keeps the newest of each", () => {
    const newest = new Newest();
    expect(newest.take(frame("a", 5))).toBe(true);
    expect(newest.take({ ...frame("a", 1), board: "b2" })).toBe(true);
    expect(newest.take(frame("a", 4))).toBe(false);
    expect(newest.get("b1")?.version).toBe(5);
  });

  it("knows from a heartbeat's head whether it lacks a frame", () => {
    const newest = new Newest();
    newest.take(frame("a", 5));
    expect(newest.lacks("b1", ["a", 5])).toBe(false);
    expect(newest.lacks("b1", ["a", 6])).toBe(true);
    expect(newest.lacks("b1", ["b", 1])).toBe(true);
    expect(newest.lacks("b2", ["a", 1])).toBe(true);
  });
});

describe("an exact score", () => {
  it.each([["609", 609], ["7/2", 3.5], ["0", 0]])("%s is %d", (score, value) => {
    expect(measure(score)).toBe(value);
  });
});
