import { one } from "../../lib/dom";

const LEAST_MS = 20_000;
const JITTER_MS = 5000;

/** The chart of the last hour is the server's drawing: asked for after a frame, at most every
 *  twenty seconds. What was open stays open. */
export class Momentum {
  private timer = 0;
  private asked = Date.now();

  /** The board moved, or time went on. */
  stir(): void {
    if (this.timer || !one("[data-momentum]")) return;
    const rest = Math.max(0, this.asked + LEAST_MS - Date.now());
    this.timer = window.setTimeout(() => void this.ask().catch(() => undefined), rest + Math.random() * JITTER_MS);
  }

  private async ask(): Promise<void> {
    this.timer = 0;
    this.asked = Date.now();
    const shown = one("[data-momentum]");
    const path = shown?.dataset["momentum"];
    if (!path) return;
    const answer = await fetch(path, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = one("[data-momentum]", page);
    if (!now || !shown.isConnected) return;
    const [was, is] = [one<HTMLDetailsElement>("details", shown), one<HTMLDetailsElement>("details", now)];
    if (was && is) is.open = was.open;
    const isFocused = shown.contains(document.activeElement);
    shown.replaceWith(now);
    if (isFocused) one("summary", now)?.focus({ preventScroll: true });
  }
}
