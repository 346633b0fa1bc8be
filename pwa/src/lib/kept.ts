import { all, one } from "./dom";
import { moment } from "./format";
import { text } from "./i18n";
import { asOf } from "./notices";
import { reachable } from "./reach";
import { keptBoards } from "./store";
import { summary } from "../islands/battles/live";

const ASK_MS = 10_000;
const SOON_MS = 1_000;
const SHOWN_MOST = 12;

interface Page {
  href: string;
  title: string;
  made: string;
}

/** The offline page: the last known boards, the pages last seen, each with its time, and a way back
 *  as soon as there is one. */
export async function startKept(): Promise<void> {
  const host = one("[data-kept-pages]");
  if (!host) return;
  asOf.value = "";
  const boards = await keptBoards();
  for (const { frame, path } of boards) host.append(card(path, text(frame.title), summary(frame)));
  const shown = new Set(boards.map(({ path }) => path));
  const pages = (await keptPages()).filter(({ href }) => !shown.has(href)).slice(0, SHOWN_MOST);
  for (const { href, title, made } of pages) host.append(card(href, title, moment(made)));
  all("[data-some-kept]").forEach((each) => (each.hidden = !host.children.length));
  const back = async (): Promise<void> => ((await reachable()) ? location.reload() : undefined);
  addEventListener("online", () => void back());
  setInterval(() => void back(), ASK_MS);
  setTimeout(() => void back(), SOON_MS);
}

function card(href: string, title: string, line: string): HTMLElement {
  const made = document.createElement("a");
  made.className = "card";
  made.href = href;
  const [head, under] = [document.createElement("h2"), document.createElement("p")];
  head.textContent = title;
  under.className = "quiet small num";
  under.textContent = line;
  made.append(head, under);
  return made;
}

/** What the worker kept, newest first. */
async function keptPages(): Promise<Page[]> {
  const cache = await caches.open("pages");
  const found = await Promise.all((await cache.keys()).map(async ({ url }) => {
    const html = (await (await cache.match(url))?.text()) ?? "";
    const page = new DOMParser().parseFromString(html, "text/html");
    const { pathname, search } = new URL(url);
    return { href: pathname + search, title: page.title, made: page.documentElement.dataset["now"] ?? "" };
  }));
  return found
    .filter(({ href, made }) => made && !href.startsWith("/screens/"))
    .sort((one, other) => Date.parse(other.made) - Date.parse(one.made));
}
