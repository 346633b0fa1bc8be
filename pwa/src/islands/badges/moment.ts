import { feel } from "../../lib/delight";
import { all, one } from "../../lib/dom";
import { refreshed } from "./side";

/* A new badge is pressed over whatever page comes next, once: the server remembers what was shown.
   Whoever types or scans is left alone until a calmer page. */
const BUSY = "dialog[open], [data-scanner], form[data-sending]";
let isAsking = false;

/** Show what is new, if something is. */
export async function showBadge(): Promise<void> {
  if (isAsking || one(BUSY) || document.activeElement?.matches("input, textarea, select")) return;
  isAsking = true;
  try {
    const answer = await fetch("/badges/moment", { headers: { Accept: "text/html" } });
    if (answer.status !== 200 || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const dialog = one<HTMLDialogElement>("dialog", page);
    if (dialog) await press(dialog);
  } finally {
    isAsking = false;
  }
}

async function press(dialog: HTMLDialogElement): Promise<void> {
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  feel("badge");
  const awards = dialog.dataset["awards"]?.split(" ") ?? [];
  await fetch("/api/badges/seen", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": `seen-${awards.length}-${awards[0]}` },
    body: JSON.stringify({ awards }),
  });
}

/** Bring badges to life on this page, and say what to do when hints come. */
export function startBadges(): (what: string[]) => void {
  const look = (): void => void showBadge().catch(() => undefined);
  look();
  all("[data-side-badges]").forEach((part) => void refreshed(part));
  return (what) => {
    if (what.includes("badges")) look();
    if (what.includes("side-badges")) all("[data-side-badges]").forEach((part) => void refreshed(part));
  };
}
