import { clock } from "./clock";
import { asOf, isKept } from "./notices";
import { hearAll, isBusy } from "./refresh";

const STALE_MS = 60_000;

/** Where this page comes from: the server just now, or what the worker kept (`data-kept`). */
export function startAge(): void {
  const { now: made = "", kept } = document.documentElement.dataset;
  asOf.value = made;
  isKept.value = kept !== undefined;
  const [way] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const isNew = !isKept.value && way?.type !== "back_forward";
  // What comes back brings an old time: then the phone's own clock may be the better one.
  if (isNew || Math.abs(Date.parse(made) - Date.now()) < STALE_MS) clock.hear(made);
}

/** The server is back: put its page in place of the one that was kept, unless somebody types. It is
 *  fetched first, however long that takes on a slow line, and only then shown. */
export async function renew(): Promise<void> {
  if (!isKept.value) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok || !isKept.value) return;
  if (answer.redirected) return location.reload();
  const fresh = answer.clone();
  const made = /data-now="([^"]+)"/.exec(await answer.text())?.[1] ?? "";
  clock.hear(made);
  isKept.value = Date.parse(made) - Date.parse(asOf.value) > STALE_MS;
  // On a slow line it would come from the cache again, and again: its parts are drawn anew instead.
  if (!isKept.value) return hearAll();
  await (await caches.open("pages")).put(location.href, fresh);
  if (!isBusy(document.body)) location.reload();
}
