import { Workbox } from "workbox-window";

import { _ } from "./i18n";
import { toast } from "./notices";

/** Register the service worker; a new version is offered, never forced on somebody who types. */
export function startWorker(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const worker = new Workbox("/sw.js");
  worker.addEventListener("waiting", () => {
    toast(_("A new version is here."), _("Use it"), () => {
      worker.addEventListener("controlling", () => location.reload());
      worker.messageSkipWaiting();
    });
  });
  void worker.register().catch(() => undefined);
}

/** A wall has nobody to ask: a new version is taken at once, and the next look opens it. */
export function startQuietWorker(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const worker = new Workbox("/sw.js");
  worker.addEventListener("waiting", () => worker.messageSkipWaiting());
  void worker.register().catch(() => undefined);
}
