import { flushReports, startReport } from "./islands/actions/report";
import { startBadges } from "./islands/badges/moment";
import { LiveBoard } from "./islands/battles/live";
import { startSending } from "./islands/referrals/send";
import { clock } from "./lib/clock";
import { startDelight } from "./lib/delight";
import { all, one } from "./lib/dom";
import { startForms } from "./lib/forms";
import { loadCatalogue } from "./lib/i18n";
import { startInstall } from "./lib/install";
import { startKept } from "./lib/kept";
import { asOf, link, startNotices } from "./lib/notices";
import { hear, hearAll, startRefresh } from "./lib/refresh";
import { startSettings } from "./lib/settings";
import { Live } from "./lib/socket";
import { startWorker } from "./lib/worker";

const STALE_MS = 60_000;

/* A page from the cache brings an old time: the phone's own clock is then the better one. */
function startClock(): void {
  const made = document.documentElement.dataset["now"] ?? "";
  asOf.value = made;
  if (Math.abs(Date.parse(made) - Date.now()) < STALE_MS) clock.hear(made);
}

function startLive(): void {
  const root = one("[data-board]");
  const board = root ? new LiveBoard(root) : undefined;
  if (!document.documentElement.dataset["viewer"]) {
    // Nobody is signed in: there is no socket to wait for.
    link.value = "live";
    return;
  }
  const hearBadges = startBadges();
  let wasLost = false;
  const live = new Live(board ? [board.id] : [], {
    onFrame: (frame) => board?.show(frame),
    onChanged: (what) => {
      hear(what);
      hearBadges(what);
    },
    onLink: (state) => {
      link.value = state;
      if (state === "live") {
        void flushReports();
        if (wasLost) hearAll();
      }
      wasLost = state !== "live";
    },
  });
  if (board) live.start(board.frame);
}

/* Only a till has a camera to start, and only a ticket a screen to keep awake. */
function startCoupons(): void {
  if (one("[data-scanner], form[data-online], [data-outcome]")) {
    void import("./islands/coupons/till").then(({ startTill }) => startTill());
  }
  if (one("[data-awake]")) void import("./islands/coupons/awake").then(({ stayAwake }) => stayAwake());
}

/* A picture to share is rare. */
function startCards(): void {
  for (const card of all("[data-card]")) {
    void import("./islands/cards/share").then(({ startCard }) => startCard(card)).catch(() => undefined);
  }
}

startClock();
startForms();
startSending();
startInstall();
startSettings();
startRefresh();
await loadCatalogue();
startNotices();
startReport();
startCoupons();
startCards();
startDelight();
startLive();
startWorker();
await startKept();
if (document.documentElement.dataset["viewer"]) {
  addEventListener("online", () => void flushReports());
  await flushReports();
}
