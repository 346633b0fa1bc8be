import { all, one } from "../../lib/dom";
import { type State, stateHere, subscription, turnOff, turnOn } from "./device";

/** The page of what wakes a phone: say what is true of this one, and turn it on and off. */
export async function startPushPage(): Promise<void> {
  const here = one("[data-push-here]");
  if (!here) return;
  show(here, await stateHere());
  const button = one<HTMLButtonElement>("[data-push-on]", here);
  button?.addEventListener("click", () => void on(here, button));
  one("[data-push-off]", here)?.addEventListener("click", () => void off());
}

function show(here: HTMLElement, state: State): void {
  for (const part of all("[data-state]", here)) part.hidden = part.dataset["state"] !== state;
}

async function on(here: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset["busy"] ?? label;
  const state = await turnOn(here.dataset["key"] ?? "");
  // The list of phones has one more.
  if (state === "on") return location.reload();
  button.disabled = false;
  button.textContent = label;
  show(here, state);
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
