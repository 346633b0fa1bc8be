import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Frame } from "./frames";

/** The last frame of a board, with the page that shows it. */
export interface Kept {
  board: string;
  frame: Frame;
  path: string;
}

/** A report that waits for the network. */
export interface Waiting {
  /** Its idempotency key: sending twice is harmless. */
  key: string;
  action: string;
  fields: [string, string | Blob][];
  title: string;
  since: number;
}

interface Schema extends DBSchema {
  boards: { key: string; value: Kept };
  outbox: { key: string; value: Waiting; indexes: { since: number } };
}

const NAME = "leitai";
let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** The phone's own database. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("boards", { keyPath: "board" });
      db.createObjectStore("outbox", { keyPath: "key" }).createIndex("since", "since");
    },
  });
  return opened;
}

/** Keep a board's newest frame for the day without network. */
export async function keepBoard(frame: Frame, path: string): Promise<void> {
  await (await database()).put("boards", { board: frame.board, frame, path });
}

export async function keptBoards(): Promise<Kept[]> {
  return (await database()).getAll("boards");
}

/** Sign-out on a shared phone leaves nothing behind. */
export async function forgetAll(): Promise<void> {
  const db = await database();
  await Promise.all([db.clear("boards"), db.clear("outbox")]);
  await Promise.all((await caches.keys()).filter((name) => name.startsWith("pages")).map((name) => caches.delete(name)));
}
