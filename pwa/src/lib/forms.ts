import { all } from "./dom";
import { onFresh } from "./refresh";
import { forgetAll } from "./store";

/** A second tap on a form that is on its way does nothing. Coming back makes it usable again. */
export function startForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sending"]) event.preventDefault();
    else sending(form, true);
  });
  addEventListener("pageshow", () => all<HTMLFormElement>("form").forEach((form) => sending(form, false)));
  startSignOut();
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

function startSignOut(): void {
  for (const form of all<HTMLFormElement>("[data-sign-out]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void forgetAll().finally(() => form.submit());
    });
  }
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
