import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Frame } from "./frames";

/** The last frame of a board, with the page that shows it. */
export interface Kept {
  board: string;
  frame: Frame;
  path: string;
}

/** A form that waits for the network. */
export interface Waiting {
  /** Its place in the queue, given by the store. */
  turn?: number;
  /** Its idempotency key: sending twice is harmless. */
  key: string;
  /** Who wrote it. It is shown to nobody else, and sent as nobody else. */
  owner: string;
  action: string;
  /** The page of the form, to write it again. */
  page: string;
  fields: [string, string | Blob][];
  title: string;
  since: number;
  /** Why the server did not take it; without it, it waits. */
  refused?: string;
}

interface Schema extends DBSchema {
  boards: { key: string; value: Kept };
  queue: { key: number; value: Waiting; indexes: { owner: string; key: string } };
}

const NAME = "leitai";
const VERSION = 2;
let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** The phone's own database. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db, from) {
      if (from < 1) db.createObjectStore("boards", { keyPath: "board" });
      // What waited in the first version had no owner; it was never released.
      else (db as unknown as IDBDatabase).deleteObjectStore("outbox");
      const queue = db.createObjectStore("queue", { keyPath: "turn", autoIncrement: true });
      queue.createIndex("owner", "owner");
      queue.createIndex("key", "key", { unique: true });
    },
    // A newer version of the app in another tab: let it go on.
    blocking: () => void forgetConnection(),
    terminated: () => (opened = undefined),
  });
  return opened;
}

async function forgetConnection(): Promise<void> {
  const before = opened;
  opened = undefined;
  (await before)?.close();
}

/** Keep a board's newest frame for the day without network. */
export async function keepBoard(frame: Frame, path: string): Promise<void> {
  await (await database()).put("boards", { board: frame.board, frame, path });
}

export async function keptBoards(): Promise<Kept[]> {
  return (await database()).getAll("boards");
}

/* Pages and boards belong to the person they were made for; the worker notes who that is. */
const VIEWER = "/viewer";

/** Who was signed in when the server last answered; "" for nobody. */
export async function lastViewer(): Promise<string> {
  if (!("caches" in globalThis)) return "";
  return (await (await caches.match(VIEWER))?.text()) ?? "";
}

/** Note who the server answers now; somebody else finds nothing of what was kept before. */
export async function noteViewer(viewer: string): Promise<void> {
  const cache = await caches.open("viewer");
  const last = await (await cache.match(VIEWER))?.text();
  if (last === viewer) return;
  await cache.put(VIEWER, new Response(viewer));
  if (last === undefined) return;
  await (await database()).clear("boards");
  await forgetPages();
}

async function forgetPages(): Promise<void> {
  await Promise.all((await caches.keys()).filter((name) => name.startsWith("pages")).map((name) => caches.delete(name)));
}

/** Sign-out on a shared phone leaves nothing to read. What waits stays, for its owner alone. */
export async function forgetAll(): Promise<void> {
  await (await database()).clear("boards");
  if (!("caches" in globalThis)) return;
  await (await caches.open("viewer")).put(VIEWER, new Response(""));
  await forgetPages();
}
