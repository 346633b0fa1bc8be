import "fake-indexeddb/auto";

import { beforeEach, describe, expect, it } from "vitest";

import { flush, keep, LONGEST_MS, MOST, outcomeOf, waiting } from "../../pwa/src/lib/outbox";
import { database, type Waiting } from "../../pwa/src/lib/store";

const report = (key: string, since: number): Waiting => ({
  key, since, action: "/actions", fields: [["kind", "client_b"]], title: key,
});

beforeEach(async () => {
  await (await database()).clear("outbox");
});

describe("what a status means", () => {
  it.each([
    [200, "sent"], [303, "sent"],
    [400, "refused"], [403, "refused"], [422, "refused"],
    [408, "later"], [409, "later"], [425, "later"], [429, "later"], [500, "later"], [503, "later"],
  ])("%d is %s", (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe("the outbox", () => {
  it("sends the oldest first and empties itself", async () => {
    await keep(report("late", 20));
    await keep(report("early", 10));
    const sent: string[] = [];
    await flush(async (each) => (sent.push(each.key), 200), () => undefined, 30);
    expect(sent).toEqual(["early", "late"]);
    expect(await waiting()).toBe(0);
  });

  it("stops at the first that has to wait, so that order stays", async () => {
    await keep(report("first", 10));
    await keep(report("second", 20));
    await flush(async (each) => (each.key === "first" ? 503 : 200), () => undefined, 30);
    expect(await waiting()).toBe(2);
  });

  it("keeps everything while there is no network", async () => {
    await keep(report("first", 10));
    await flush(() => Promise.reject(new TypeError("offline")), () => undefined, 30);
    expect(await waiting()).toBe(1);
  });

  it("drops what is refused and tells so, then goes on", async () => {
    await keep(report("wrong", 10));
    await keep(report("right", 20));
    const told: string[] = [];
    await flush(async (each) => (each.key === "wrong" ? 422 : 200), (each, outcome) => told.push(`${each.key} ${outcome}`), 30);
    expect(told).toEqual(["wrong refused", "right sent"]);
    expect(await waiting()).toBe(0);
  });

  it("does not send what is older than a day", async () => {
    await keep(report("old", 0));
    const told: string[] = [];
    await flush(async () => 200, (_each, outcome) => told.push(outcome), LONGEST_MS + 1);
    expect(told).toEqual(["expired"]);
  });

  it("keeps one report once, and says when it is full", async () => {
    for (let n = 0; n < MOST; n++) await keep(report(`k${n}`, n));
    expect(await keep(report("one more", MOST))).toBe(false);
    await (await database()).delete("outbox", "k0");
    await keep(report("k1", 1));
    expect(await waiting()).toBe(MOST - 1);
  });
});
