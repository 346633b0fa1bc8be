import { feel } from "./delight";
import { all, one } from "./dom";

/** What is switched changes at once, and the switch shows what it does; the choice goes to the
 *  server with the form. */
export function startSettings(): void {
  const form = one<HTMLFormElement>("[data-face]");
  if (!form) return;
  const save = one<HTMLButtonElement>("[data-face-save]", form);
  if (save) save.hidden = true;
  for (const part of all("[data-needs-vibration]", form)) part.hidden = !("vibrate" in navigator);
  for (const input of all<HTMLInputElement>("input", form)) {
    input.addEventListener("change", () => void choose(form, input));
  }
}

async function choose(form: HTMLFormElement, input: HTMLInputElement): Promise<void> {
  if (input.name === "locale") {
    form.requestSubmit();
    return;
  }
  document.documentElement.dataset[input.name] = input.value;
  if (input.value === "on") feel("tap");
  await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
}
