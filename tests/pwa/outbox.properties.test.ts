import "fake-indexeddb/auto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { drop, flush, keep, queueOf } from "../../pwa/src/lib/outbox";
import { database, type Waiting } from "../../pwa/src/lib/store";

/* Whatever the network, tabs and people do: a form is never lost, counts once, in order, and only
   as its writer's. */

const PEOPLE = ["mei", "bao"] as const;
type Who = (typeof PEOPLE)[number];

/** One sending on the way: what happens to it. */
type Fate = "answered" | "lost on the way" | "answer lost" | "server busy" | "tab killed" | "portal";

/** The server: knows keys, refuses some contents, and answers only whoever is signed in. */
class Server {
  signedIn: Who | "" = "mei";
  readonly counted: { by: string; key: string }[] = [];

  receive(waiting: Waiting): Response {
    const ours = { "Leitai-Viewer": this.signedIn };
    if (this.signedIn !== waiting.owner) return new Response("", { status: 401, headers: ours });
    if (waiting.title.startsWith("bad")) return new Response("", { status: 422, headers: ours });
    const by = this.signedIn;
    if (!this.counted.some((each) => each.by === by && each.key === waiting.key)) this.counted.push({ by, key: waiting.key });
    return new Response("", { status: 200, headers: ours });
  }
}

/** A tab that sends through a network which does its worst in the order of `fates`, then works. */
function tab(server: Server, fates: Fate[]): { send: (waiting: Waiting) => Promise<Response>; killed: Promise<void> } {
  let kill = (): void => undefined;
  const killed = new Promise<void>((done) => (kill = done));
  const send = async (waiting: Waiting): Promise<Response> => {
    const fate = fates.shift() ?? "answered";
    if (fate === "lost on the way") throw new TypeError("offline");
    if (fate === "server busy") return new Response("", { status: 503 });
    if (fate === "portal") return new Response("<h1>Wi-Fi</h1>", { status: 200 });
    const answer = server.receive(waiting);
    if (fate === "answer lost") throw new TypeError("offline");
    if (fate !== "tab killed") return answer;
    // Nobody ever reads the answer, and nothing after it happens.
    kill();
    return new Promise(() => undefined);
  };
  return { send, killed };
}

type Deed =
  | { do: "write"; who: Who; bad: boolean }
  | { do: "sign in"; who: Who | "" }
  | { do: "drop"; who: Who }
  | { do: "send"; fates: Fate[]; tabs: number; as: Who };

const fates = fc.array(
  fc.constantFrom<Fate>("answered", "lost on the way", "answer lost", "server busy", "tab killed", "portal"),
  { maxLength: 4 },
);
const who = fc.constantFrom(...PEOPLE);
const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), who, bad: fc.nat(3).map((n) => n === 0) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("send" as const), fates, tabs: fc.integer({ min: 1, max: 3 }), as: who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("sign in" as const), who: fc.constantFrom<Who | "">(...PEOPLE, "") }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), who }) },
  ),
  { maxLength: 24, size: "max" },
);

const quickly = async (): Promise<void> => undefined;

async function write(who: Who, bad: boolean, key: string): Promise<Waiting> {
  const title = bad ? `bad ${key}` : key;
  const waiting: Waiting = { key, owner: who, action: "/leads", page: "/leads/new", fields: [], since: 0, title };
  await keep(waiting);
  return waiting;
}

/** Live through it all; returns what was written and the keys of what was dropped. */
async function live(server: Server, lived: Deed[]): Promise<{ written: Waiting[]; dropped: Set<string> }> {
  const written: Waiting[] = [];
  const dropped = new Set<string>();
  for (const deed of lived) {
    if (deed.do === "sign in") server.signedIn = deed.who;
    else if (deed.do === "write") written.push(await write(deed.who, deed.bad, `${written.length}`));
    else if (deed.do === "drop") {
      const [first] = await queueOf(deed.who);
      if (first) await drop(first).then(() => dropped.add(first.key));
    } else {
      // A tab may still show one person while another is signed in by now, and several tabs send.
      const worst = [...deed.fates];
      const tabs = Array.from({ length: deed.tabs }, () => tab(server, worst));
      await Promise.all(tabs.map(({ send, killed }) =>
        Promise.race([flush(deed.as, send, () => undefined, quickly), killed])));
    }
  }
  return { written, dropped };
}

async function settle(server: Server): Promise<void> {
  for (const who of PEOPLE) {
    server.signedIn = who;
    expect(await flush(who, tab(server, []).send, () => undefined, quickly)).toBe(true);
  }
}

describe("whatever happens to the queue", () => {
  it("loses nothing, counts nothing twice, keeps the order, and sends as nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (lived) => {
        await (await database()).clear("queue");
        const server = new Server();
        const { written, dropped } = await live(server, lived);
        await settle(server);
        for (const who of PEOPLE) {
          const [good, bad] = [false, true].map((is) =>
            written.filter((each) => each.owner === who && each.title.startsWith("bad") === is).map((each) => each.key),
          ) as [string[], string[]];
          const counted = server.counted.filter((each) => each.by === who).map((each) => each.key);
          // What its owner dropped may have been on its way already.
          expect(counted).toEqual(good.filter((key) => !dropped.has(key) || counted.includes(key)));
          const left = await queueOf(who);
          expect(left.map((each) => each.key)).toEqual(bad.filter((key) => !dropped.has(key)));
          expect(left.every((each) => each.refused !== undefined)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
