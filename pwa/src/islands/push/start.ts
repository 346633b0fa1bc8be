import { one } from "../../lib/dom";
import { onFresh } from "../../lib/refresh";

const CALM_MS = 1500;

/** Pushes on any page: the count on the app's icon, and, rarely, more. */
export function startPush(): void {
  onFresh((part) => count(part));
  if (!document.documentElement.dataset["viewer"]) return;
  if (one("[data-push-here]")) void import("./page").then(({ startPushPage }) => startPushPage());
  if (!("Notification" in window) || !("PushManager" in window)) return;
  if (Notification.permission === "granted") void import("./device").then(({ confirmHere }) => confirmHere());
  if (Notification.permission === "denied") return;
  if (location.pathname === "/") setTimeout(offer, CALM_MS);
  // A badge was pressed and put away: that is such a moment.
  const isBadge = (event: Event): boolean => (event.target as Element).matches(".badge-moment");
  addEventListener("close", (event) => isBadge(event) && offer(), true);
}

function offer(): void {
  void import("./offer").then(({ offerPush }) => offerPush()).catch(() => undefined);
}

/* The bell knows what is unread; signed out, nothing is. */
function count(part: ParentNode): void {
  const bell = part instanceof HTMLElement && part.dataset["unread"] ? part : one("[data-unread]", part);
  const isOut = part === document && !document.documentElement.dataset["viewer"];
  if (!bell && !isOut) return;
  void navigator.setAppBadge?.(Number(bell?.dataset["unread"] ?? 0)).catch(() => undefined);
}
