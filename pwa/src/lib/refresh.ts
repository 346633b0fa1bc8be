import { all, one, roll } from "./dom";
import { _ } from "./i18n";
import { announce } from "./notices";

/* A hint names what changed. Each part of a page says what it shows, `data-refresh="wallet inbox"`,
   and is drawn anew by the server when one of its words comes. `data-say` of the new part is read
   out once; figures marked `data-roll` run to their new value. */
const JITTER_MS = 2000;
const starters: ((part: ParentNode) => void)[] = [];
const due = new Set<string>();
let timer = 0;

/** Run now for the page, and later for each part that was drawn anew. */
export function onFresh(start: (part: ParentNode) => void): void {
  starters.push(start);
  start(document);
}

/** A part came from the server by another way: bring it to life. */
export function freshen(part: ParentNode): void {
  starters.forEach((start) => start(part));
}

/** What changed is fetched soon, at a random moment so that a whole company does not ask at once. */
export function hear(what: string[]): void {
  const shown = words(all("[data-refresh]"));
  what.filter((word) => shown.has(word)).forEach((word) => due.add(word));
  schedule();
}

/** After a silence any word may have been missed. */
export function hearAll(): void {
  hear([...words(all("[data-refresh]"))]);
}

/** What waited for a hidden page or for somebody to end typing is fetched then. */
export function startRefresh(): void {
  document.addEventListener("visibilitychange", schedule);
  document.addEventListener("focusout", schedule);
}

function schedule(): void {
  if (timer || !due.size || document.hidden) return;
  timer = window.setTimeout(() => {
    timer = 0;
    void refresh().catch(() => undefined);
  }, Math.random() * JITTER_MS);
}

async function refresh(): Promise<void> {
  const parts = all("[data-refresh]").filter((part) => wordsOf(part).some((word) => due.has(word)));
  const free = parts.filter((part) => !isBusy(part));
  if (!free.length) return;
  const taken = words(free);
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // What waits in a busy part is still due for it.
  const busy = words(parts.filter((part) => !free.includes(part)));
  taken.forEach((word) => busy.has(word) || due.delete(word));
  for (const part of free) {
    const now = twin(part, fresh);
    // A page that has other parts by now (an empty desk that is not empty any more) is opened anew.
    if (!now) return location.reload();
    if (!part.isConnected || isBusy(part) || part.isEqualNode(now)) continue;
    put(now, part);
  }
}

function wordsOf(part: HTMLElement): string[] {
  return (part.dataset["refresh"] ?? "").split(" ").filter(Boolean);
}

function words(parts: HTMLElement[]): Set<string> {
  return new Set(parts.flatMap(wordsOf));
}

/** The same part of another drawing of the page: the nth of those that show the same. */
function twin(part: HTMLElement, page: Document): HTMLElement | undefined {
  const alike = `[data-refresh="${CSS.escape(part.dataset["refresh"] ?? "")}"]`;
  return all(alike, page)[all(alike).indexOf(part)];
}

/** What somebody is typing in, has typed in or has just sent is left alone. */
export function isBusy(part: HTMLElement): boolean {
  if (one("input:focus, textarea:focus, select:focus, form[data-sending], dialog[open]", part)) return true;
  return all<HTMLInputElement | HTMLTextAreaElement>("input, textarea", part).some((field) =>
    field.type === "hidden" ? false
    : "checked" in field && /radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue,
  );
}

/** Put the new drawing in place: where one was reading, what had the focus and how far lists were
 *  scrolled stay as they were. */
function put(now: HTMLElement, part: HTMLElement): void {
  const focused = part.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const way = focused ? pathTo(focused, part) : [];
  const scrolled = all("*", part).filter((each) => each.scrollLeft || each.scrollTop)
    .map((each) => ({ way: pathTo(each, part), left: each.scrollLeft, top: each.scrollTop }));
  const figures = all("[data-roll]", part).map((each) => each.textContent ?? "");
  const [x, y] = [scrollX, scrollY];
  part.replaceWith(now);
  scrollTo({ left: x, top: y, behavior: "instant" });
  for (const each of scrolled) at(each.way, now)?.scrollTo({ left: each.left, top: each.top, behavior: "instant" });
  if (focused) successor(focused, way, now)?.focus({ preventScroll: true });
  all("[data-roll]", now).forEach((each, place) => rollFrom(each, figures[place]));
  all<HTMLDetailsElement>("details[open]", part).forEach((each) => at(pathTo(each, part), now)?.setAttribute("open", ""));
  freshen(now);
  announce(now.dataset["say"] || _("This page has just been updated."));
}

function rollFrom(element: HTMLElement, before: string | undefined): void {
  const shown = element.textContent ?? "";
  if (before === undefined || before === shown) return;
  element.textContent = before;
  roll(element, shown);
}

function pathTo(element: Element, root: Element): number[] {
  const way: number[] = [];
  for (let here = element; here !== root && here.parentElement; here = here.parentElement) {
    way.unshift([...here.parentElement.children].indexOf(here));
  }
  return way;
}

function at(way: number[], root: Element): Element | undefined {
  return way.reduce<Element | undefined>((here, step) => here?.children[step], root);
}

/** Who had the focus: the element of the same id or link, else the one in the same place. */
function successor(was: HTMLElement, way: number[], now: HTMLElement): HTMLElement | undefined {
  if (was.id) return one(`#${CSS.escape(was.id)}`, now);
  const href = was.getAttribute("href");
  const alike = href ? one(`[href="${CSS.escape(href)}"]`, now) : undefined;
  return alike ?? (at(way, now) as HTMLElement | undefined) ?? (now.matches("a, button") ? now : undefined);
}
