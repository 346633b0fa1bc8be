import { way } from "../../lib/install";

/* This browser, as pushes see it. */

/** `home`: an iPhone that takes pushes only once Leitai is on its Home Screen. `cannot`: nothing
 *  wakes this browser, such as one inside another app. */
export type State = "off" | "on" | "denied" | "home" | "cannot";

const REFUSED = "push.cannot";

/** What is true of this browser now. */
export async function stateHere(): Promise<State> {
  if (!canPush()) return way() === "ios" ? "home" : "cannot";
  if (Notification.permission === "denied") return "denied";
  if (await subscription()) return "on";
  return localStorage.getItem(REFUSED) ? "cannot" : "off";
}

function canPush(): boolean {
  return isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

export async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Ask, subscribe and tell the server; must be called by a tap. Returns what came of it. */
export async function turnOn(key: string): Promise<State> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "denied" : "off";
  const registration = await navigator.serviceWorker.ready;
  let made: PushSubscription;
  try {
    made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch {
    // No push service can be had: in mainland China that is how most phones are.
    localStorage.setItem(REFUSED, "yes");
    return "cannot";
  }
  const answer = await fetch("/api/push/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify(made.toJSON()),
  });
  if (answer.ok) return "on";
  await made.unsubscribe();
  return "cannot";
}

export async function turnOff(): Promise<void> {
  await (await subscription())?.unsubscribe();
}

/** Tell the server that this browser is used; one that takes the pushes of somebody else, or of
 *  nobody any more, takes none from now on. */
export async function confirmHere(): Promise<void> {
  const made = await subscription();
  if (!made) return;
  const answer = await fetch("/api/push/seen", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint: made.endpoint }),
  });
  if (answer.ok && !((await answer.json()) as { known: boolean }).known) await made.unsubscribe();
}
