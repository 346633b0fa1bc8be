import { mayMove, one } from "./dom";

/* A page that comes slowly is announced at once: the tapped place is lit, and after a moment a line
   runs under the top bar; a place shows its name, and bones as high as the rows that will stand
   there. Whatever becomes of it, a page that is still here, or here again, shows itself as it was. */
const PATIENCE_MS = 300;
const LONGEST_MS = 15_000;
const BONES = `<div class="card"><ul class="rows bones">${"<li><i></i><i></i></li>".repeat(5)}</ul></div>`;
let timers: number[] = [];
let undo: (() => void)[] = [];

export function startPlaces(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
    if (!link || event.defaultPrevented || isElsewhere(event, link)) return;
    if (link.pathname !== location.pathname || link.search !== location.search) leave(link);
    else if (link.closest(".bottom") && scrollY > 0) toTop(event);
  });
  addEventListener("pageshow", stay);
}

/* Another site, another tab or a file: this page stays. */
function isElsewhere(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const isPlain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  return !isPlain || link.origin !== location.origin || link.target !== "" || link.hasAttribute("download");
}

/* A second tap on the place one is in goes to its top, as in every app. */
function toTop(event: Event): void {
  event.preventDefault();
  scrollTo({ top: 0, behavior: mayMove() ? "smooth" : "auto" });
}

function leave(link: HTMLAnchorElement): void {
  stay();
  const place = link.closest(".bottom li");
  if (place) light(link);
  timers = [
    window.setTimeout(() => (place ? showBones(link) : showLine()), PATIENCE_MS),
    window.setTimeout(stay, LONGEST_MS),
  ];
}

function light(link: Element): void {
  const was = one(".bottom [aria-current]");
  was?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "page");
  undo.push(() => (link.removeAttribute("aria-current"), was?.setAttribute("aria-current", "page")));
}

function showLine(): void {
  document.documentElement.dataset["going"] = "";
  undo.push(() => delete document.documentElement.dataset["going"]);
}

function showBones(link: Element): void {
  const [main, title] = [one("main.main"), one(".top h1")];
  if (!main) return;
  showLine();
  const host = document.createElement("div");
  host.className = "main";
  host.ariaHidden = "true";
  host.innerHTML = BONES;
  const named = title?.textContent ?? "";
  if (title) title.textContent = link.textContent?.trim() ?? named;
  main.hidden = true;
  main.after(host);
  undo.push(() => (host.remove(), (main.hidden = false), title && (title.textContent = named)));
}

function stay(): void {
  timers.forEach(clearTimeout);
  undo.forEach((each) => each());
  [timers, undo] = [[], []];
}
