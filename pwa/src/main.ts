import { startBadges } from "./islands/badges/moment";
import { sendQueue, startQueue } from "./islands/outbox/queue";
import { startPush } from "./islands/push/start";
import { startSending } from "./islands/referrals/send";
import { renew, startAge } from "./lib/age";
import { startDelight } from "./lib/delight";
import { all, one } from "./lib/dom";
import { startForms } from "./lib/forms";
import { loadCatalogue } from "./lib/i18n";
import { startInstall } from "./lib/install";
import { link, startNotices } from "./lib/notices";
import { startPlaces } from "./lib/places";
import { hear, hearAll, startRefresh } from "./lib/refresh";
import { startSettings } from "./lib/settings";
import { type Link, Live } from "./lib/socket";
import { startWorker } from "./lib/worker";

const ASK_AGAIN_MS = 60_000;

async function startLive(): Promise<void> {
  const root = one("[data-board]");
  const board = root && new (await import("./islands/battles/live")).LiveBoard(root);
  if (!document.documentElement.dataset["viewer"]) {
    // Nobody is signed in: there is no socket to wait for.
    link.value = "live";
    void renew();
    return;
  }
  const hearBadges = startBadges();
  const live = new Live(board ? [board.id] : [], {
    onFrame: (frame) => board?.show(frame),
    onChanged: (what) => {
      hear(what);
      hearBadges(what);
    },
    onLink: (state) => catchUp(link.value, (link.value = state)),
  });
  if (board) live.start(board.frame);
}

let asked = Date.now();
let isFirst = true;

/* After a silence anything may have changed. Without a socket nobody tells: then it is asked for
   each minute. */
function catchUp(before: Link, now: Link): void {
  if (now !== "live" && now !== "polling") return;
  void renew();
  const isOverdue = now === "polling" && Date.now() - asked > ASK_AGAIN_MS;
  if (before === now && !isOverdue) return;
  asked = Date.now();
  void sendQueue();
  if (isFirst) isFirst = false;
  else hearAll();
}

/* Only a till has a camera to start, and only a ticket a screen to keep awake. */
function startCoupons(): void {
  if (one("[data-scanner], form[data-online], [data-outcome]")) {
    void import("./islands/coupons/till").then(({ startTill }) => startTill());
  }
  if (one("[data-awake]")) void import("./islands/coupons/awake").then(({ stayAwake }) => stayAwake());
}

/* Photos and points are chosen on reports alone. */
function startReports(): void {
  if (one("[data-report]")) void import("./islands/actions/report").then(({ startReport }) => startReport());
}

/* A picture to share is rare. */
function startCards(): void {
  for (const card of all("[data-card]")) {
    void import("./islands/cards/share").then(({ startCard }) => startCard(card)).catch(() => undefined);
  }
}

startAge();
startForms();
startPlaces();
startSending();
startInstall();
startSettings();
startRefresh();
await loadCatalogue();
startNotices();
startReports();
startCoupons();
startCards();
startDelight();
startPush();
void startLive();
startWorker();
if (one("[data-kept-pages]")) void import("./lib/kept").then(({ startKept }) => startKept());
await startQueue();
