import { all } from "./dom";
import { _ } from "./i18n";
import { toast } from "./notices";
import { isBusy } from "./refresh";

/** Register the service worker. A new version that waited since the last visit is taken silently;
 *  one that comes while somebody looks is offered, never forced. */
export function startWorker(): void {
  // A page from the server brought the parts of the new version already.
  void register(take, (worker) =>
    toast(_("A new version is here."), _("Use it"), () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
      take(worker);
    }),
  );
  // Parts that are fetched late went with the version this page belongs to.
  addEventListener("vite:preloadError", (event) => {
    if (isBusy(document.body) || all("dialog[open]").length) return;
    event.preventDefault();
    location.reload();
  });
}

/** A wall has nobody to ask: a new version is taken at once, and the next look opens it. */
export function startQuietWorker(): void {
  void register(take, take);
}

function take(worker: ServiceWorker): void {
  worker.postMessage({ type: "SKIP_WAITING" });
}

type Heard = (worker: ServiceWorker) => void;

/* Workers need a secure context; `waited` hears of a version from before, `came` of one from now. */
async function register(waited: Heard, came: Heard): Promise<void> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const found = await navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  if (found?.waiting) waited(found.waiting);
  found?.addEventListener("updatefound", () => {
    const worker = found.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && found.active) came(worker);
    });
  });
}
