import { link } from "./notices";

const ANSWER_MS = 4000;

/** Whether the server is heard at this moment: by the socket, which only who is signed in has. */
export function isHeard(): boolean {
  return navigator.onLine && link.value === "live" && !!document.documentElement.dataset["viewer"];
}

/** Whether the server can be reached: known from the socket, else asked. A Wi-Fi that answers in its
 *  place is no server. */
export async function reachable(): Promise<boolean> {
  if (isHeard() || !navigator.onLine) return navigator.onLine;
  try {
    const signal = AbortSignal.timeout?.(ANSWER_MS) ?? null;
    const answer = await fetch("/healthz", { cache: "no-store", signal });
    return ((await answer.json()) as { state?: string }).state === "alive";
  } catch {
    return false;
  }
}
