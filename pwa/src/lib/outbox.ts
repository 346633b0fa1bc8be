import { database, type Waiting } from "./store";

/** One person may let this many wait. */
export const MOST = 200;
/** What the worker's sync events are called, and the lock of whoever sends. */
export const OUTBOX = "outbox";
const ANSWER_MS = 20_000;
const PHOTO_MS = 60_000;
const ASK_AGAIN_MS = [1000, 3000];

/** What became of one sending. */
export type Outcome = "sent" | "refused" | "later";

/** What the server said of a form: its words where it refused. */
export interface Answer {
  outcome: Outcome;
  said: string;
  response?: Response;
}

/** What happened to a form of the queue, for the pages that are open. */
export interface News {
  key: string;
  title: string;
  outcome: Outcome;
}

type Send = (waiting: Waiting) => Promise<Response>;
type Told = (waiting: Waiting, answer: Answer) => void;

/** A status tells whether it is over: what passes (a fault, a sign-in that is missing) is not. */
export function outcomeOf(status: number): Outcome {
  if (status < 400) return "sent";
  const passes = [401, 408, 425, 429].includes(status) || status >= 500;
  return passes ? "later" : "refused";
}

/** Keep a form until it is sent. False when too many wait already; the same key is kept once. */
export async function keep(waiting: Waiting): Promise<boolean> {
  const change = (await database()).transaction("queue", "readwrite", { durability: "strict" });
  const [known, count] = await Promise.all([
    change.store.index("key").getKey(waiting.key),
    change.store.index("owner").count(waiting.owner),
  ]);
  const isNew = known === undefined;
  if (isNew && count < MOST) await change.store.add(waiting);
  await change.done;
  return !isNew || count < MOST;
}

/** What one person's queue holds, oldest first: what waits, and what was refused. */
export async function queueOf(owner: string): Promise<Waiting[]> {
  return (await database()).getAllFromIndex("queue", "owner", owner);
}

/** Take one out of its owner's queue, as they wish. */
export async function drop(waiting: Pick<Waiting, "turn">): Promise<void> {
  if (waiting.turn !== undefined) await (await database()).delete("queue", waiting.turn);
}

/** Send what waits of one person, oldest first; stop at the first that has to wait on, so that
 *  order stays. A form leaves the queue only when the server has taken it; what it refused stays
 *  with its words until its owner drops it. True when nothing waits any more. */
export async function flush(owner: string, send: Send, told: Told, pause = wait): Promise<boolean> {
  for (const waiting of await queueOf(owner)) {
    if (waiting.refused !== undefined) continue;
    const answer = await attempt(waiting, send, pause);
    if (answer.outcome === "later") return false;
    if (answer.outcome === "sent") await drop(waiting);
    else await refuse(waiting, answer.said);
    told(waiting, answer);
  }
  return true;
}

/* What was dropped meanwhile does not come back. */
async function refuse(waiting: Waiting, said: string): Promise<void> {
  const change = (await database()).transaction("queue", "readwrite");
  if (await change.store.getKey(waiting.turn ?? 0)) await change.store.put({ ...waiting, refused: said });
  await change.done;
}

/* A conflict is a rule's no, or the first sending that is still being handled: ask again, then
   believe it. */
async function attempt(waiting: Waiting, send: Send, pause: (ms: number) => Promise<void>): Promise<Answer> {
  let answer = await ask(waiting, send);
  for (const ms of ASK_AGAIN_MS) {
    if (answer.response?.status !== 409) break;
    await pause(ms);
    answer = await ask(waiting, send);
  }
  return answer;
}

async function ask(waiting: Waiting, send: Send): Promise<Answer> {
  try {
    return answerOf(await send(waiting));
  } catch {
    return { outcome: "later", said: "" };
  }
}

/** Read an answer. One that is not ours (a gateway's, a sign-in page of the Wi-Fi) says nothing. */
export function answerOf(response: Response): Answer {
  const isOurs = response.headers.has("Leitai-Viewer");
  const isDoor = response.redirected && new URL(response.url).pathname === "/sign-in";
  const said = decodeURIComponent(response.headers.get("Leitai-Refusal") ?? "");
  if (response.status === 413) return { outcome: "refused", said, response };
  return { outcome: isOurs && !isDoor ? outcomeOf(response.status) : "later", said, response };
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Post a form as its page would have, in the name of whoever wrote it. */
export function post(waiting: Waiting): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of waiting.fields) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, "photo.jpg");
  }
  const headers = { Accept: "text/html", "Idempotency-Key": waiting.key, "Leitai-Viewer": waiting.owner };
  const photos = waiting.fields.filter(([, value]) => typeof value !== "string").length;
  const signal = AbortSignal.timeout?.(ANSWER_MS + PHOTO_MS * photos) ?? null;
  return fetch(waiting.action, { method: "POST", body, headers, signal });
}

const news = "BroadcastChannel" in globalThis ? new BroadcastChannel(OUTBOX) : undefined;

/** Send one person's queue, whoever else is at it: a page, another one, the worker. */
export async function sendAll(owner: string, told: Told = () => undefined): Promise<boolean> {
  const work = (): Promise<boolean> =>
    flush(owner, post, (waiting, answer) => {
      news?.postMessage({ key: waiting.key, title: waiting.title, outcome: answer.outcome } satisfies News);
      told(waiting, answer);
    });
  // Without a secure context there are no locks: then the keys alone see to it that it counts once.
  return navigator.locks ? navigator.locks.request(OUTBOX, work) : work();
}

/** Hear what the worker and other pages sent. */
export function onNews(heard: (news: News) => void): void {
  news?.addEventListener("message", (event) => heard(event.data as News));
}
