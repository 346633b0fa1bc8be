import { link } from "./notices";

const ANSWER_MS = 4000;

/** Whether the server can be heard: known from the socket, else asked. A Wi-Fi that answers in its
 *  place is no server. */
export async function reachable(): Promise<boolean> {
  if (!navigator.onLine) return false;
  if (link.value === "live" && document.documentElement.dataset["viewer"]) return true;
  try {
    const signal = AbortSignal.timeout?.(ANSWER_MS) ?? null;
    const answer = await fetch("/healthz", { cache: "no-store", signal });
    return ((await answer.json()) as { state?: string }).state === "alive";
  } catch {
    return false;
  }
}
