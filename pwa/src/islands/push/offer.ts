import { one } from "../../lib/dom";
import { _ } from "../../lib/i18n";
import { toast } from "../../lib/notices";
import { stateHere, turnOn } from "./device";

/* Whoever types, scans, is shown round or is asked something else is left alone. */
const BUSY = ".tour, dialog[open], [data-asking], [data-scanner], form[data-sending], input:focus, textarea:focus";

/** Offer pushes, if this phone can have them and the server finds that it is the time. */
export async function offerPush(): Promise<void> {
  if ((await stateHere()) !== "off") return;
  const answer = await fetch("/push/offer", { headers: { Accept: "text/html" } });
  if (answer.status !== 200 || answer.redirected || one(BUSY)) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheet = one<HTMLDialogElement>("dialog", page);
  if (!sheet) return;
  document.body.append(sheet);
  // However it is left without a yes, it is a "later".
  sheet.addEventListener("close", () => void left(sheet));
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  one("[data-push-on]", sheet)?.addEventListener("click", () => void accept(sheet));
  sheet.showModal();
}

async function left(sheet: HTMLDialogElement): Promise<void> {
  sheet.remove();
  if (sheet.returnValue !== "yes") await fetch("/api/push/later", { method: "POST" });
}

async function accept(sheet: HTMLDialogElement): Promise<void> {
  const state = await turnOn(sheet.dataset["key"] ?? "");
  sheet.close(state === "on" ? "yes" : "no");
  if (state === "on") toast(_("On. You hear of the next one on the lock screen."));
  else if (state === "cannot") toast(_("This phone can't be woken here. Your inbox has everything."));
}
