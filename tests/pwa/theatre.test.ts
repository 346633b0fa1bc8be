import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { phaseOf, phaseWords } from "../../pwa/src/islands/battles/phase";
import { announce } from "../../pwa/src/lib/notices";

const CUT_OFF = "2026-06-30T17:00:00+08:00";
const [SECOND, MINUTE] = [1000, 60_000];

describe("the last minutes", () => {
  it.each([
    ["live", 10 * MINUTE + SECOND, ""],
    ["live", 10 * MINUTE, "last"],
    ["live", SECOND, "last"],
    ["live", 0, "over"],
    ["live", -60 * MINUTE, "over"],
    ["joining", 5 * MINUTE, ""],
    ["auditing", -MINUTE, ""],
    ["final", -60 * MINUTE, ""],
  ] as const)("%s with %i ms left: %j", (state, left, phase) => {
    expect(phaseOf({ state, cut_off: CUT_OFF }, Date.parse(CUT_OFF) - left)).toBe(phase);
  });

  it.each([
    [5 * MINUTE, "The last ten minutes"],
    [MINUTE, "The last minute"],
    [0, "Time is up"],
  ])("with %i ms left is called %j", (left, words) => {
    expect(phaseWords({ state: "live", cut_off: CUT_OFF }, Date.parse(CUT_OFF) - left)).toBe(words);
  });
});

describe("what is said to screen readers", () => {
  const said = { textContent: "" };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(CUT_OFF);
    said.textContent = "";
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("document", { querySelector: (at: string) => (at === "#said" ? said : null) });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is one sentence in ten seconds, and then the newest", () => {
    announce("one");
    announce("two");
    announce("three");
    expect(said.textContent).toBe("one");
    vi.advanceTimersByTime(9_999);
    expect(said.textContent).toBe("one");
    vi.advanceTimersByTime(1);
    expect(said.textContent).toBe("three");
    vi.advanceTimersByTime(60_000);
    announce("four");
    expect(said.textContent).toBe("four");
  });
});
