import { all, one } from "./dom";
import { _, ngettext } from "./i18n";
import { toast, unsent } from "./notices";
import { isHeard, reachable } from "./reach";
import { onFresh } from "./refresh";
import { forgetAll } from "./store";
import { sendForm } from "../islands/outbox/sending";

/** Each form that posts either waits for the network (`data-waits`), or says at once that it can't.
 *  A second tap on one that is on its way does nothing; coming back makes it usable again. */
export function startForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    const submitter = event.submitter ?? undefined;
    if (form.dataset["sending"]) event.preventDefault();
    else if (form.dataset["waits"] !== undefined && !submitter?.hasAttribute("formaction")) {
      event.preventDefault();
      sending(form, true);
      void sendForm(form).finally(() => sending(form, false));
    } else if (form.dataset["sure"] || (mayGo() && form.dataset["signOut"] === undefined)) go(form);
    else {
      event.preventDefault();
      void ask(form, submitter);
    }
  });
  addEventListener("pageshow", () => all<HTMLFormElement>("form").forEach((form) => sending(form, false)));
  addEventListener("online", () => all("[data-offline-said]").forEach((said) => (said.hidden = true)));
  // A form that came back begins where something is to be put right.
  one('[aria-invalid="true"]')?.focus();
  startSharing();
}

/** Show that a form is on its way, or no longer. */
export function sending(form: HTMLFormElement, is: boolean): void {
  if (is) form.dataset["sending"] = "yes";
  else delete form.dataset["sending"];
  for (const button of all<HTMLButtonElement>("button[data-busy]", form)) {
    button.dataset["label"] ??= button.textContent ?? "";
    button.textContent = (is ? button.dataset["busy"] : button.dataset["label"]) ?? "";
    button.setAttribute("aria-busy", String(is));
  }
}

/* An old browser can't be made to send a form as its button would: there it simply goes. */
function mayGo(): boolean {
  return isHeard() || !("requestSubmit" in HTMLFormElement.prototype);
}

function go(form: HTMLFormElement): void {
  delete form.dataset["sure"];
  sending(form, true);
}

/** What can't wait leaves the page only when the server is there: what was typed stays. */
async function ask(form: HTMLFormElement, submitter?: HTMLElement): Promise<void> {
  sending(form, true);
  const isThere = await reachable();
  sending(form, false);
  if (!isThere) return say(form);
  if (form.dataset["signOut"] !== undefined) return leave(form);
  form.dataset["sure"] = "yes";
  // While the first submit is still being handled, another one would be ignored.
  setTimeout(() => form.requestSubmit(submitter));
}

function say(form: HTMLFormElement): void {
  let said = one("[data-offline-said]", form);
  if (!said) {
    said = document.createElement("p");
    said.className = "notice refusal";
    said.setAttribute("role", "alert");
    said.dataset["offlineSaid"] = "";
    form.append(said);
  }
  said.hidden = false;
  said.textContent = _("No network. This can't wait, so nothing was done; what you typed is still here.");
}

/** Sign-out: what can be read goes, what waits stays, and is said to stay. */
async function leave(form: HTMLFormElement): Promise<void> {
  const out = (): void => void forgetAll().finally(() => form.submit());
  const waits = unsent.value;
  if (!waits) return out();
  toast(ngettext("%(n)s waits here until you sign in on this phone again.", "%(n)s wait here until you sign in on this phone again.", waits), _("Sign out"), out);
}

function startSharing(): void {
  onFresh((part) => {
    for (const button of all<HTMLButtonElement>("[data-share]", part)) button.hidden = !("share" in navigator);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-share]");
    if (!button) return;
    const { share, shareTitle } = button.dataset;
    void navigator.share({ url: share ?? "", title: shareTitle ?? "" }).catch(() => undefined);
  });
}
