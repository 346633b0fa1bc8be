import { signal } from "@preact/signals";

import { _, ngettext } from "../../lib/i18n";
import { askAbout, refused, toast, unsent } from "../../lib/notices";
import { type Answer, drop, keep, type News, onNews, OUTBOX, queueOf, sendAll } from "../../lib/outbox";
import { lastViewer, type Waiting } from "../../lib/store";

/** What waits of the person whose page this is. */
export const queue = signal<Waiting[]>([]);
const TOLD_MOST = 3;
let owner = "";

/** Show what waits, and send it: now, when the network or the person comes back, with the worker. */
export async function startQueue(): Promise<void> {
  owner = await whose();
  if (!owner) return;
  onNews((news) => void hear([news]));
  addEventListener("online", () => void sendQueue());
  document.addEventListener("visibilitychange", () => document.hidden || void sendQueue());
  askAbout(openQueue);
  await recount();
  addEventListener("hashchange", openAgain);
  openAgain();
  await sendQueue();
}

/* The offline page is nobody's: there the last one who was signed in is meant. */
async function whose(): Promise<string> {
  return document.documentElement.dataset["viewer"] ?? (await lastViewer());
}

/** Send what waits; with a new form its answer is handed to `told`. */
export async function sendQueue(told?: (waiting: Waiting, answer: Answer) => boolean): Promise<void> {
  if (!unsent.value) return;
  const news: News[] = [];
  await sendAll(owner, (waiting, answer) => {
    if (!told?.(waiting, answer)) news.push({ key: waiting.key, title: waiting.title, outcome: answer.outcome });
  });
  await hear(news);
}

async function hear(news: News[]): Promise<void> {
  await recount();
  const sent = news.filter((each) => each.outcome === "sent");
  if (sent.length > TOLD_MOST) toast(ngettext("%(n)s sent", "%(n)s sent", sent.length));
  else sent.forEach(({ title }) => toast(_("Sent: %(title)s", { title })));
  for (const { title, outcome } of news) {
    if (outcome === "refused") toast(_("Not accepted: %(title)s", { title }), _("See why"), openQueue);
  }
}

async function recount(): Promise<void> {
  queue.value = await queueOf(owner);
  refused.value = queue.value.filter((each) => each.refused !== undefined).length;
  unsent.value = queue.value.length - refused.value;
}

/** Keep a form before anything else: a tab may die while it is sent. False when too many wait. */
export async function keepForm(waiting: Omit<Waiting, "owner">): Promise<boolean> {
  const isKept = await keep({ ...waiting, owner });
  await recount();
  return isKept;
}

/** Take one out. */
export async function dropForm(waiting: Pick<Waiting, "turn">): Promise<void> {
  await drop(waiting);
  await recount();
}

/** Let the worker send it, should this tab be gone when the network is back. */
export async function askWorker(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  const { sync } = (worker ?? {}) as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register(OUTBOX).catch(() => undefined);
}

/* Somebody wants to mend what was refused. */
function openAgain(): void {
  if (location.hash.startsWith("#again=")) void import("./again").then(({ writeAgain }) => writeAgain());
}

function openQueue(): void {
  void import("./sheet").then(({ showQueue }) => showQueue());
}
