import "fake-indexeddb/auto";

import { beforeEach, describe, expect, it } from "vitest";

import { answerOf, drop, flush, keep, MOST, outcomeOf, queueOf } from "../../pwa/src/lib/outbox";
import { database, type Waiting } from "../../pwa/src/lib/store";

const form = (key: string, owner = "mei"): Waiting => ({
  key, owner, since: 0, action: "/actions", page: "/actions/new", fields: [["kind", "client_b"]], title: key,
});
const answer = (status: number, headers: Record<string, string> = { "Leitai-Viewer": "mei" }): Response =>
  new Response("", { status, headers });
const at = async (status: number): Promise<Response> => answer(status);
const quickly = async (): Promise<void> => undefined;
const keys = async (owner = "mei"): Promise<string[]> => (await queueOf(owner)).map((each) => each.key);

beforeEach(async () => {
  await (await database()).clear("queue");
});

describe("what a status means", () => {
  it.each([
    [200, "sent"], [303, "sent"],
    [400, "refused"], [403, "refused"], [409, "refused"], [422, "refused"],
    [401, "later"], [408, "later"], [425, "later"], [429, "later"], [500, "later"], [503, "later"],
  ])("%d is %s", (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  it("believes only our own answers: a Wi-Fi's sign-in page took nothing", () => {
    expect(answerOf(answer(200, {})).outcome).toBe("later");
    expect(answerOf(answer(403, {})).outcome).toBe("later");
    expect(answerOf(answer(200)).outcome).toBe("sent");
  });

  it("takes a gateway's word that it is too large, or it would wait for ever", () => {
    expect(answerOf(answer(413, {})).outcome).toBe("refused");
  });

  it("reads the server's words", () => {
    const said = { "Leitai-Viewer": "mei", "Leitai-Refusal": encodeURIComponent("号码看不懂") };
    expect(answerOf(answer(422, said))).toMatchObject({ outcome: "refused", said: "号码看不懂" });
  });
});

describe("the queue", () => {
  it("sends in the order of keeping and empties itself", async () => {
    await keep({ ...form("first"), since: 20 });
    await keep({ ...form("second"), since: 10 });
    const sent: string[] = [];
    expect(await flush("mei", async (each) => (sent.push(each.key), answer(200)), () => undefined)).toBe(true);
    expect(sent).toEqual(["first", "second"]);
    expect(await keys()).toEqual([]);
  });

  it("stops at the first that has to wait, so that order stays", async () => {
    await keep(form("first"));
    await keep(form("second"));
    expect(await flush("mei", (each) => at(each.key === "first" ? 503 : 200), () => undefined)).toBe(false);
    expect(await keys()).toEqual(["first", "second"]);
  });

  it("keeps everything while there is no network", async () => {
    await keep(form("first"));
    await flush("mei", () => Promise.reject(new TypeError("offline")), () => undefined);
    expect(await keys()).toEqual(["first"]);
  });

  it("keeps what was refused with the reason, never sends it again, and goes on", async () => {
    await keep(form("wrong"));
    await keep(form("right"));
    const sent: string[] = [];
    const send = async (each: Waiting): Promise<Response> => {
      sent.push(each.key);
      return each.key === "wrong" ? answer(422, { "Leitai-Viewer": "mei", "Leitai-Refusal": "why" }) : answer(200);
    };
    await flush("mei", send, () => undefined);
    await flush("mei", send, () => undefined);
    expect(sent).toEqual(["wrong", "right"]);
    const [left] = await queueOf("mei");
    expect(left).toMatchObject({ key: "wrong", refused: "why" });
    await drop(left as Waiting);
    expect(await keys()).toEqual([]);
  });

  it("asks again before it believes a conflict: the first sending may still be under way", async () => {
    await keep(form("first"));
    const statuses = [409, 200];
    await flush("mei", () => at(statuses.shift() ?? 500), () => undefined, quickly);
    expect(await keys()).toEqual([]);
    await keep(form("rule"));
    await flush("mei", () => at(409), () => undefined, quickly);
    expect((await queueOf("mei"))[0]?.refused).toBe("");
  });

  it("does not bring back what its owner dropped while it was sent", async () => {
    await keep(form("first"));
    const send = async (each: Waiting): Promise<Response> => {
      await drop(each);
      return answer(422);
    };
    await flush("mei", send, () => undefined);
    expect(await keys()).toEqual([]);
  });

  it("keeps one key once, and says when it is full", async () => {
    for (let n = 0; n < MOST; n++) await keep(form(`k${n}`));
    expect(await keep(form("one more"))).toBe(false);
    expect(await keep(form("k1"))).toBe(true);
    expect(await keep(form("another's", "bao"))).toBe(true);
    expect((await keys()).length).toBe(MOST);
  });
});
