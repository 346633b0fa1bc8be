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

/** Move children into `order`. Returns what lets each glide from where it stood, to be called once
 *  all else is written: the page is then laid out once, not once for each. */
export function reorder(parent: Element, order: Element[]): () => void {
  if (order.every((child, place) => parent.children[place] === child)) return () => undefined;
  const before = mayMove() ? order.map((child) => child.getBoundingClientRect()) : [];
  const focused = parent.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
  parent.append(...order);
  // What is moved loses the focus.
  focused?.focus({ preventScroll: true });
  return () => {
    const after = before.map((_was, place) => order[place]?.getBoundingClientRect());
    before.forEach((was, place) => glide(order[place], was, after[place]));
  };
}

function glide(element: Element | undefined, was: DOMRect, is: DOMRect | undefined): void {
  const moved = { x: was.left - (is?.left ?? 0), y: was.top - (is?.top ?? 0) };
  if (!moved.x && !moved.y) return;
  element?.animate?.(
    [{ transform: `translate(${moved.x}px, ${moved.y}px)` }, { transform: "none" }],
    { duration: 300, easing: "cubic-bezier(.2, .7, .3, 1)" },
  );
}

const rolling = new WeakMap<Element, number>();
const grouped = new Intl.NumberFormat("en-US");

/** Let a whole number run from what is shown to `shown`; anything else is simply replaced. */
export function roll(element: Element | undefined, shown: string): void {
  if (!element || element.textContent === shown) return;
  const from = Number(element.textContent?.replaceAll(",", ""));
  const to = Number(shown.replaceAll(",", ""));
  cancelAnimationFrame(rolling.get(element) ?? 0);
  if (!mayMove() || !Number.isInteger(from) || !Number.isInteger(to) || document.hidden) {
    element.textContent = shown;
    return;
  }
  const started = performance.now();
  const step = (now: number): void => {
    const part = Math.min(1, (now - started) / 300);
    const value = Math.round(from + (to - from) * (1 - (1 - part) ** 3));
    element.textContent = part < 1 ? grouped.format(value) : shown;
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
