import { all } from "./dom";
import { onFresh } from "./refresh";

/* Echoes of what is seen: felt and heard only by whoever asked for it under Me. */
const PATTERNS = { tap: [20], lead: [30], badge: [0, 40], win: [30, 60, 30] };
const KEPT_MOST = 40;

export type Feeling = keyof typeof PATTERNS;

/** Let a visible change be felt and heard, where the person switched that on. */
export function feel(what: Feeling): void {
  const { vibration, sound } = document.documentElement.dataset;
  if (vibration === "on") navigator.vibrate?.(PATTERNS[what]);
  if (sound === "on") void import("../islands/delight/sound").then(({ play }) => play(what)).catch(() => undefined);
}

/** What a part of a page marks as won (`data-celebrate="a name"`) is celebrated once on a phone. */
export function celebrate(part: ParentNode): void {
  for (const each of all("[data-celebrate]", part)) {
    const name = each.dataset["celebrate"] ?? "";
    if (!isFirst(name)) continue;
    feel("win");
    void import("../islands/delight/confetti").then(({ throwPaper }) => throwPaper(each)).catch(() => undefined);
  }
}

export function startDelight(): void {
  onFresh(celebrate);
}

function isFirst(name: string): boolean {
  const seen = (localStorage.getItem("celebrated") ?? "").split(" ").filter(Boolean);
  if (seen.includes(name)) return false;
  localStorage.setItem("celebrated", [...seen, name].slice(-KEPT_MOST).join(" "));
  return true;
}
