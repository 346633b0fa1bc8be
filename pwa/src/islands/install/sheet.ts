import { one } from "../../lib/dom";
import { later, takePrompt, type Way } from "../../lib/install";

/** Put the offer over the page. However it is left, it does not come back for thirty days. */
export async function offerSheet(how: Way): Promise<void> {
  const answer = await fetch(`/install/sheet?way=${how}`, { headers: { Accept: "text/html" } });
  if (!answer.ok || one("dialog[open]")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheet = one<HTMLDialogElement>("dialog", page);
  if (!sheet) return;
  sheet.addEventListener("close", () => {
    later();
    if (sheet.returnValue === "yes") void takePrompt()?.prompt();
    sheet.remove();
  });
  // A tap beside the sheet is a "later" too.
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close("later"));
  document.body.append(sheet);
  sheet.showModal();
}
