/// <reference lib="webworker" />

declare const self: ServiceWorkerGlobalScope;

/** What the server sends (server/push/payloads.py): Safari shows it by itself, others hand it here. */
interface Push {
  notification: { title: string; body: string; lang: string; navigate: string; tag: string };
  app_badge: number;
}

const HOME = "/inbox";

/** The worker's part of pushes: show each one, and open what a tap asks for. */
export function startPush(): void {
  self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data as string));
  });
  self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event as Change)));
}

/* A browser takes pushes away from whoever shows none for one: even what can't be read is shown. */
async function show(data: PushMessageData | null): Promise<void> {
  const push = read(data);
  const { title, body, lang, navigate, tag } = push?.notification ?? {
    title: "擂台 Leitai", body: "", lang: "", navigate: HOME, tag: "inbox",
  };
  await self.registration.showNotification(title, {
    body, lang, tag, data: navigate, icon: "/static/icons/icon-192.png", badge: "/static/icons/mono-512.png",
  });
  if (push) await self.navigator.setAppBadge?.(push.app_badge);
}

function read(data: PushMessageData | null): Push | undefined {
  try {
    const push = data?.json() as Push | undefined;
    return typeof push?.notification?.title === "string" ? push : undefined;
  } catch {
    return undefined;
  }
}

/** Bring a page of ours to the front and lead it there, or open one. */
async function open(to: string): Promise<void> {
  const url = new URL(to, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const [page] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const led = await page?.navigate(url.href).catch(() => null);
  await (led ? led.focus() : self.clients.openWindow(url.href))?.catch(() => undefined);
}

interface Change extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

/** The browser changed where its pushes go: tell the server, under the session it has. */
async function renew({ oldSubscription, newSubscription }: Change): Promise<void> {
  const options = oldSubscription?.options;
  const now = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
  if (!now) return;
  await fetch("/api/push/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({ ...now.toJSON(), replaces: oldSubscription?.endpoint ?? "" }),
  });
}
