import { one } from "./dom";

/* The app offers itself for the home screen on a calm page, from the second visit on; "later" is
   thirty days. */
const VISIT_MS = 30 * 60_000;
const LATER_MS = 30 * 86_400_000;
const CALM_MS = 2500;

/** What Chromium hands over when it would install the app. */
export interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

export type Way = "prompt" | "ios" | "webview" | "installed" | "none";

let prompt: InstallPrompt | undefined;

/** The browser's own question, once it has offered it. */
export function takePrompt(): InstallPrompt | undefined {
  const taken = prompt;
  prompt = undefined;
  return taken;
}

/** How the app gets on the home screen of this phone. */
export function way(agent = navigator.userAgent): Way {
  const alone = "(display-mode: standalone), (display-mode: minimal-ui)";
  if (matchMedia(alone).matches || (navigator as { standalone?: boolean }).standalone) return "installed";
  if (/MicroMessenger|\bQQ\/|Weibo|DingTalk|AlipayClient/i.test(agent)) return "webview";
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  return prompt ? "prompt" : "none";
}

/** Count this visit: pages within half an hour are one. */
export function visits(store: Storage = localStorage, now = Date.now()): number {
  const last = Number(store.getItem("visited"));
  const count = Number(store.getItem("visits")) + (now - last > VISIT_MS ? 1 : 0);
  store.setItem("visited", String(now));
  store.setItem("visits", String(count));
  return count;
}

/** Not again for thirty days. */
export function later(now = Date.now()): void {
  localStorage.setItem("install-later", String(now + LATER_MS));
}

function isDue(): boolean {
  return visits() > 1 && Date.now() > Number(localStorage.getItem("install-later"));
}

/* Nobody is interrupted: only on the first place of the bar, with nothing else open or asked. */
function isCalm(): boolean {
  return Boolean(one(".bottom li:first-child [aria-current]")) && !one("dialog[open], [data-asking], .tour");
}

/** Hear the browser's question, show the page of how, and offer it when it is due. */
export function startInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event as InstallPrompt;
    look();
  });
  let offered = false;
  // One question a page is enough, whoever asked it.
  document.addEventListener("close", () => (offered = true), true);
  const mayOffer = isDue();
  const offer = (): void => {
    const how = way();
    if (offered || !mayOffer || !isCalm() || how === "none" || how === "installed") return;
    offered = true;
    void import("../islands/install/sheet").then(({ offerSheet }) => offerSheet(how)).catch(() => undefined);
  };
  const look = (): void => {
    if (one("[data-install-page]")) {
      void import("../islands/install/page").then(({ startPage }) => startPage()).catch(() => undefined);
    } else setTimeout(offer, CALM_MS);
  };
  look();
}
