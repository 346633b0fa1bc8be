import { all, one } from "../../lib/dom";
import { type State, stateHere, subscription, turnOff, turnOn } from "./device";

/** The page of what wakes a phone: say what is true of this one, and turn it on and off. */
export async function startPushPage(): Promise<void> {
  const here = one("[data-push-here]");
  if (!here) return;
  show(here, await stateHere());
  one<HTMLButtonElement>("[data-push-on]", here)?.addEventListener("click", () => void on(here));
  one("[data-push-off]", here)?.addEventListener("click", () => void off());
}

function show(here: HTMLElement, state: State): void {
  for (const part of all("[data-state]", here)) part.hidden = part.dataset["state"] !== state;
}

async function on(here: HTMLElement): Promise<void> {
  const state = await turnOn(here.dataset["key"] ?? "");
  // The list of phones has one more.
  if (state === "on") location.reload();
  else show(here, state);
}

/** Turned off here, the server finds out by itself; told at once, it forgets the phone at once. */
async function off(): Promise<void> {
  const made = await subscription();
  await turnOff();
  if (made) {
    await fetch("/api/push/gone", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ endpoint: made.endpoint }),
    });
  }
  location.reload();
}
