import { all, one } from "../../lib/dom";
import { takePrompt, way } from "../../lib/install";

/** Of the ways to the home screen show the one of this phone. */
export function startPage(): void {
  const how = way();
  if (how !== "none") {
    for (const each of all("[data-way]")) each.hidden = each.dataset["way"] !== how;
  }
  const button = one<HTMLButtonElement>("[data-install]");
  if (!button || how !== "prompt") return;
  button.hidden = false;
  button.addEventListener("click", () => {
    void takePrompt()?.prompt();
    button.hidden = true;
  });
}
