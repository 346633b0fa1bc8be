/// <reference lib="webworker" />
import { clientsClaim } from "workbox-core";
import { ExpirationPlugin } from "workbox-expiration";
import * as navigationPreload from "workbox-navigation-preload";
import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute, setCatchHandler } from "workbox-routing";
import { CacheFirst, NetworkFirst, NetworkOnly } from "workbox-strategies";

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/* Never kept: answers of the API, the socket, doors, downloads, and what makes the app itself. */
const NEVER = [
  /^\/api\//, /^\/live/, /^\/sign-/, /^\/invites\//, /^\/passcode/, /^\/cast/, /^\/offline/,
  /^\/sw\.js/, /^\/manifest/, /^\/static\//, /^\/healthz/, /^\/readyz/, /^\/ops\//, /\.(xlsx|csv)$/,
];
const PAGES_MOST = 30;
/* Parts of the app that are fetched when they are needed. */
const LATE_MOST = 8;

precacheAndRoute(self.__WB_MANIFEST);
navigationPreload.enable();

/* What is kept belongs to the person it was made for: the first page that the server makes for
   somebody else on a shared phone wipes it. */
const PAGES = "pages";
const VIEWER = "/viewer";

async function isSomebodyElse(viewer: string): Promise<boolean> {
  const cache = await caches.open("viewer");
  const last = await (await cache.match(VIEWER))?.text();
  if (last === viewer) return false;
  await cache.put(VIEWER, new Response(viewer));
  return last !== undefined;
}

function isWall(url: string): boolean {
  return new URL(url).pathname.startsWith("/screens/");
}

const pages = new NetworkFirst({
  cacheName: PAGES,
  networkTimeoutSeconds: 3,
  plugins: [
    new ExpirationPlugin({ maxEntries: PAGES_MOST, purgeOnQuotaError: true }),
    {
      fetchDidSucceed: async ({ request, response }) => {
        // A wall keeps its last picture while the server is being replaced.
        if (isWall(request.url) && response.status >= 500) throw new Error("the server is away");
        const viewer = response.headers.get("Leitai-Viewer");
        if (viewer !== null && (await isSomebodyElse(viewer))) await caches.delete(PAGES);
        return response;
      },
      cacheWillUpdate: async ({ response }) =>
        response.ok && !response.redirected ? response : null,
    },
  ],
});

/* A till without a network cannot know what was redeemed: it shows nothing that it kept. */
const TILL = [/^\/till/, /^\/c\//i];

registerRoute(new NavigationRoute(new NetworkOnly(), { allowlist: TILL }));
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

self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
clientsClaim();
