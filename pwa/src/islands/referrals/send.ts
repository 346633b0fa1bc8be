import { all } from "../../lib/dom";
import { toast } from "../../lib/notices";
import { onFresh } from "../../lib/refresh";

/** Links that are copied with a tap, and one-time codes that go off with their last digit. */
export function startSending(): void {
  onFresh((part) => {
    for (const button of all<HTMLButtonElement>("[data-copy]", part)) {
      button.hidden = !("clipboard" in navigator);
    }
    for (const field of all<HTMLInputElement>("[data-complete]", part)) complete(field);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
    if (!button) return;
    const { copy, done } = button.dataset;
    void navigator.clipboard
      .writeText(copy ?? "")
      .then(() => toast(done ?? ""))
      .catch(() => undefined);
  });
}

function complete(field: HTMLInputElement): void {
  const length = Number(field.dataset["complete"]);
  field.addEventListener("input", () => {
    if (field.value.trim().length === length) field.form?.requestSubmit();
  });
}
