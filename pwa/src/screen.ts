import { LiveBoard } from "./islands/battles/live";
import { clock } from "./lib/clock";
import { one } from "./lib/dom";
import { loadCatalogue } from "./lib/i18n";
import { link, startNotices } from "./lib/notices";
import { Live } from "./lib/socket";

/* The shop's display stays awake; the lock is lost when the page is hidden. */
async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => undefined);
}

const root = one("[data-board]");
clock.hear(document.documentElement.dataset["now"] ?? "");
await loadCatalogue();
startNotices();
if (root) {
  const board = new LiveBoard(root);
  const live = new Live([board.id], {
    onFrame: (frame) => board.show(frame),
    onLink: (state) => (link.value = state),
  });
  live.start(board.frame);
}
document.addEventListener("visibilitychange", () => void stayAwake());
await stayAwake();
