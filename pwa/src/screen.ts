import { LiveBoard } from "./islands/battles/live";
import { clock } from "./lib/clock";
import { all, one, play, reveal } from "./lib/dom";
import { loadCatalogue } from "./lib/i18n";
import { link, startNotices } from "./lib/notices";
import { Live } from "./lib/socket";
import { startQuietWorker } from "./lib/worker";

/* The wall of a store. Nobody is there to press a key: it rotates its slides, asks what is on as
   often as it turns, and opens itself anew only when the server has just answered. So a lost
   network, a restarted server or a new version leave the last picture standing, never an error. */
const STALE_MS = 60_000;
const REVOKED = [404, 410];

/* The shop's display stays awake; the lock is lost when the page is hidden. */
async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => undefined);
}

function slidesOf(page: ParentNode): HTMLElement[] {
  return all("[data-slide]", page);
}

function keyOf(page: ParentNode): string {
  return slidesOf(page).map((slide) => slide.dataset["slide"]).join("\n");
}

function partsOf(page: Document): string {
  return all<HTMLScriptElement | HTMLLinkElement>("script[src], link[rel=stylesheet]", page)
    .map((part) => part.getAttribute("src") ?? part.getAttribute("href"))
    .join("\n");
}

/** Show one slide; the others stay live behind it. */
function turnTo(place: number): void {
  slidesOf(document).forEach((slide, at) => (slide.hidden = at !== place));
  play(slidesOf(document)[place], "turned");
  all("[data-dots] > i").forEach((dot, at) => dot.classList.toggle("on", at === place));
}

function shown(): number {
  return Math.max(0, slidesOf(document).findIndex((slide) => !slide.hidden));
}

/** After a power cut the worker serves this picture until the network is back. */
async function keep(answer: Response): Promise<void> {
  if ("caches" in window) await (await caches.open("pages")).put(location.pathname, answer);
}

/** Ask what is on. What only the server draws opens the page anew, at the slide that changed. */
async function look(): Promise<void> {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (REVOKED.includes(answer.status) || answer.redirected) return location.reload();
  if (!answer.ok) return;
  await keep(answer.clone()).catch(() => undefined);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isSame = keyOf(fresh) === keyOf(document) && partsOf(fresh) === partsOf(document);
  if (!isSame || link.value === "signed_out") return location.reload();
  const [thanks, now] = [one("[data-thanks]"), one("[data-thanks]", fresh)];
  if (thanks && now && !thanks.isEqualNode(now)) thanks.replaceWith(now);
}

/** A board has ended or begun: open anew there, once the server answers. */
function reopen(board: string): void {
  history.replaceState(null, "", `#${board}`);
  void look().catch(() => undefined);
}

function startWall(rotate: number): void {
  const named = slidesOf(document).findIndex((slide) => slide.dataset["board"] === location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  if (named >= 0) turnTo(named);
  if (named >= 0) reveal(one("[data-verdict]", slidesOf(document)[named]));
  setInterval(() => {
    const slides = slidesOf(document).length;
    if (slides > 1) turnTo((shown() + 1) % slides);
    void look().catch(() => undefined);
  }, rotate * 1000);
}

function startLive(): void {
  const boards = all("[data-board]").map((slide) => new LiveBoard(slide, (frame) => reopen(frame.board)));
  const byId = new Map(boards.map((board) => [board.id, board]));
  const live = new Live([...byId.keys()], {
    onFrame: (frame) => byId.get(frame.board)?.show(frame),
    onLink: (state) => {
      link.value = state;
      // Its session has ended: with the link, or the page brings the next one.
      if (state === "signed_out") void look().catch(() => undefined);
    },
  });
  boards.forEach((board) => live.start(board.frame));
}

const made = document.documentElement.dataset["now"] ?? "";
if (Math.abs(Date.parse(made) - Date.now()) < STALE_MS) clock.hear(made);
await loadCatalogue();
startNotices();
startLive();
startWall(Number(one("[data-wall]")?.dataset["rotate"] ?? 15));
startQuietWorker();
void look().catch(() => undefined);
document.addEventListener("visibilitychange", () => void stayAwake());
await stayAwake();
