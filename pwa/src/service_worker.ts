/// <reference lib="webworker" />
import { clientsClaim } from "workbox-core";
import { ExpirationPlugin } from "workbox-expiration";
import * as navigationPreload from "workbox-navigation-preload";
import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute, setCatchHandler } from "workbox-routing";
import { CacheFirst, NetworkFirst, NetworkOnly } from "workbox-strategies";

import { OUTBOX, sendAll } from "./lib/outbox";
import { lastViewer, noteViewer } from "./lib/store";
import { startPush } from "./push";

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/* Not pages for people: the API, the socket, downloads, and what makes the app itself. */
const NEVER = [
  /^\/api\//, /^\/live/, /^\/offline/, /^\/sw\.js/, /^\/manifest/, /^\/static\//, /^\/healthz/,
  /^\/readyz/, /^\/ops\//, /\.(xlsx|csv)$/,
];
/* Never kept: doors, and a till, which without a network cannot know what was redeemed. */
const FRESH = [/^\/sign-/, /^\/invites\//, /^\/passcode/, /^\/cast/, /^\/till/, /^\/c\//i];
const PAGES = "pages";
const PAGES_MOST = 30;
/* Parts of the app that are fetched when they are needed. */
const LATE_MOST = 8;

precacheAndRoute(self.__WB_MANIFEST);
navigationPreload.enable();

function isWall(url: string): boolean {
  return new URL(url).pathname.startsWith("/screens/");
}

/* What is kept belongs to the person it was made for: the first page that the server makes for
   somebody else on a shared phone wipes it. */
async function note(response: Response): Promise<void> {
  const viewer = response.headers.get("Leitai-Viewer");
  // A server in trouble does not know who asks.
  if (viewer !== null && response.status < 500) await noteViewer(viewer);
}

/* An answer that was asked for ahead (navigation preload) passes no `fetchDidSucceed`. */
const keeping = {
  cacheWillUpdate: async ({ response }: { response: Response }): Promise<Response | null> => {
    await note(response);
    return response.ok && !response.redirected ? response : null;
  },
};

const noting = {
  handlerWillRespond: async ({ response }: { response: Response }): Promise<Response> => {
    await note(response);
    return response;
  },
};

/* A wall keeps its last picture while the server is being replaced. */
const walls = {
  handlerWillRespond: async ({ request, response }: { request: Request; response: Response }): Promise<Response> => {
    if (!isWall(request.url) || response.status < 500) return response;
    return (await caches.match(request, { cacheName: PAGES })) ?? response;
  },
};

/* A page from the cache says that it is one. */
const marks = {
  cachedResponseWillBeUsed: async ({ cachedResponse }: { cachedResponse?: Response }): Promise<Response | null> => {
    if (!cachedResponse) return null;
    const html = (await cachedResponse.text()).replace("<html ", "<html data-kept ");
    return new Response(html, { headers: cachedResponse.headers });
  },
};

const pages = new NetworkFirst({
  cacheName: PAGES,
  networkTimeoutSeconds: 3,
  plugins: [
    new ExpirationPlugin({ maxEntries: PAGES_MOST, purgeOnQuotaError: true }),
    keeping,
    marks,
    walls,
  ],
});

registerRoute(new NavigationRoute(new NetworkOnly({ plugins: [noting] }), { allowlist: FRESH }));
registerRoute(new NavigationRoute(pages, { denylist: NEVER }));
registerRoute(
  ({ url }) => url.origin === location.origin && url.pathname.startsWith("/static/build/assets/"),
  new CacheFirst({ cacheName: "late", plugins: [new ExpirationPlugin({ maxEntries: LATE_MOST })] }),
);
registerRoute(
  ({ url }) => url.origin === location.origin && url.pathname.startsWith("/static/icons/"),
  new CacheFirst({ cacheName: "icons" }),
);
setCatchHandler(async ({ request }) =>
  request.mode === "navigate" ? ((await matchPrecache("/offline")) ?? Response.error()) : Response.error(),
);

/* What waits goes out without a page: when the browser knows of a network. It asks again while
   this fails. */
async function sendWaiting(): Promise<void> {
  const owner = await lastViewer();
  if (owner && !(await sendAll(owner))) throw new Error("something waits still");
}

self.addEventListener("sync", (event) => {
  const sync = event as ExtendableEvent & { tag: string };
  if (sync.tag === OUTBOX) sync.waitUntil(sendWaiting());
});

self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
startPush();
clientsClaim();
