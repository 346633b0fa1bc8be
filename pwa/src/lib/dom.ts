import { number } from "./format";
import { setText } from "./text";
import { isTaken } from "./turns";

/** The first match below `root`, typed; undefined when the page has none. */
export function one<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T | undefined {
  return root.querySelector<T>(selector) ?? undefined;
}

export function all<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** Whether things may move: neither the phone nor the person under Me has asked for calm. */
export function mayMove(): boolean {
  const isCalm = document.documentElement.dataset["motion"] === "less";
  return !isCalm && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Play a class's animation once; when it is over the class goes. One that runs is left to run, and
 *  what is hidden plays nothing. */
export function play(element: Element | undefined, name: string): void {
  if (!element || !mayMove() || element.classList.contains(name) || element.closest("[hidden]")) return;
  const isOver = new AbortController();
  const end = ({ target }: Event): void => {
    if (target !== element) return;
    element.classList.remove(name);
    isOver.abort();
  };
  element.addEventListener("animationend", end, { signal: isOver.signal });
  element.addEventListener("animationcancel", end, { signal: isOver.signal });
  element.classList.add(name);
}

/** Let the pieces of something come one after the other. */
export function reveal(element: Element | undefined): void {
  element?.classList.add("revealed");
}

/** Let `parent` have these children in this order: what stands right is not touched. */
export function arrange(parent: Element, order: Element[]): void {
  const kept = new Set(order);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  order.forEach((child, place) => {
    const there = parent.children[place];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

/** Bring the children into another order; each glides from where it stood to the place it takes,
 *  which is known before anything moves: nobody has to wait for a layout. */
export function reorder(parent: Element, order: Element[]): void {
  const shown = [...parent.children];
  if (order.every((child, place) => shown[place] === child)) return;
  const places = mayMove() ? shown.map((child) => child.getBoundingClientRect()) : [];
  const focused = parent.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
  arrange(parent, order);
  // What is moved loses the focus.
  focused?.focus({ preventScroll: true });
  order.forEach((child, place) => glide(child, places[shown.indexOf(child)], places[place]));
}

function glide(element: Element, was: DOMRect | undefined, is: DOMRect | undefined): void {
  if (!was || !is) return;
  const moved = { x: was.left - is.left, y: was.top - is.top };
  if (!moved.x && !moved.y) return;
  element.animate?.(
    [{ transform: `translate(${moved.x}px, ${moved.y}px)` }, { transform: "none" }],
    { duration: 300, easing: "cubic-bezier(.2, .7, .3, 1)" },
  );
}

const rolling = new WeakMap<Element, number>();

/** Let a whole number run from what is shown to `shown`; anything else is simply replaced. */
export function roll(element: Element | undefined, shown: string): void {
  if (!element || element.textContent === shown) return;
  const from = Number(element.textContent?.replaceAll(",", ""));
  const to = Number(shown.replaceAll(",", ""));
  cancelAnimationFrame(rolling.get(element) ?? 0);
  if (!mayMove() || !Number.isInteger(from) || !Number.isInteger(to) || document.hidden) {
    setText(element, shown);
    return;
  }
  const started = performance.now();
  const step = (now: number): void => {
    const part = Math.min(1, (now - started) / 300);
    const value = Math.round(from + (to - from) * (1 - (1 - part) ** 3));
    if (part === 1 || !isTaken(now)) setText(element, part < 1 ? number(value) : shown);
    if (part < 1) rolling.set(element, requestAnimationFrame(step));
  };
  rolling.set(element, requestAnimationFrame(step));
}

/** Fetch this page again and put its marked fragments in place of those shown. */
export async function refetch(selector: string): Promise<boolean> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wanted = all(selector, fresh);
  const shown = all(selector);
  if (wanted.length !== shown.length) return false;
  shown.forEach((element, place) => element.replaceWith(wanted[place] as Element));
  return true;
}
