import { database, type Waiting } from "./store";

export const MOST = 200;
export const LONGEST_MS = 24 * 3600 * 1000;

/** What became of one sending. */
export type Outcome = "sent" | "refused" | "later";

/** A status tells whether to drop a report or try again: 4xx is final, save those that pass. */
export function outcomeOf(status: number): Outcome {
  if (status < 400) return "sent";
  const passes = [408, 409, 425, 429].includes(status) || status >= 500;
  return passes ? "later" : "refused";
}

/** Keep a report until it can be sent; false when too many wait already. */
export async function keep(report: Waiting): Promise<boolean> {
  const db = await database();
  if ((await db.count("outbox")) >= MOST) return false;
  await db.put("outbox", report);
  return true;
}

export async function waiting(): Promise<number> {
  return (await database()).count("outbox");
}

type Send = (report: Waiting) => Promise<number>;
type Told = (report: Waiting, outcome: Outcome | "expired") => void;

/** Send what waits, oldest first; stop at the first that has to wait on, so that order stays. */
export async function flush(send: Send, told: Told, now = Date.now()): Promise<void> {
  const db = await database();
  for (const report of await db.getAllFromIndex("outbox", "since")) {
    const isOld = now - report.since > LONGEST_MS;
    const outcome = isOld ? "expired" : await attempt(report, send);
    if (outcome === "later") return;
    await db.delete("outbox", report.key);
    told(report, outcome);
  }
}

async function attempt(report: Waiting, send: Send): Promise<Outcome> {
  try {
    return outcomeOf(await send(report));
  } catch {
    return "later";
  }
}

/** Post a kept report as its form would have. */
export async function post(report: Waiting): Promise<number> {
  const body = new FormData();
  for (const [name, value] of report.fields) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, "photo.jpg");
  }
  const headers = { Accept: "text/html", "Idempotency-Key": report.key };
  const answer = await fetch(report.action, { method: "POST", body, headers });
  return answer.redirected && new URL(answer.url).pathname === "/sign-in" ? 503 : answer.status;
}
