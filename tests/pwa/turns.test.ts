import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { isTaken, Turns } from "../../pwa/src/lib/turns";

describe("the pieces of a picture", () => {
  let asked: FrameRequestCallback[] = [];
  const repaint = (now: number): void => asked.splice(0).forEach((each) => each(now));

  beforeEach(() => {
    asked = [];
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("requestAnimationFrame", (each: FrameRequestCallback) => asked.push(each));
    vi.stubGlobal("cancelAnimationFrame", () => (asked = []));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("come one at each second repaint, and what rolls has the others", () => {
    const done: string[] = [];
    new Turns().begin([() => done.push("duel"), () => done.push("feed")]);
    expect(done).toEqual(["duel"]);
    repaint(16);
    expect([done, isTaken(16)]).toEqual([["duel"], false]);
    repaint(32);
    expect([done, isTaken(32)]).toEqual([["duel", "feed"], true]);
    expect(isTaken(48)).toBe(false);
  });

  it("are all done before the next picture begins", () => {
    const done: string[] = [];
    const turns = new Turns();
    turns.begin([() => done.push("one"), () => done.push("two"), () => done.push("three")]);
    turns.begin([() => done.push("four")]);
    expect(done).toEqual(["one", "two", "three", "four"]);
    repaint(16);
    repaint(32);
    expect(done).toHaveLength(4);
  });
});
