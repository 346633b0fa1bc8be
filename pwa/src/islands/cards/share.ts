import { one } from "../../lib/dom";

/** A picture goes as a file where the phone can send one; it is fetched before the tap, because
 *  sharing has to follow the tap at once. */
export async function startCard(card: HTMLElement): Promise<void> {
  const picture = one<HTMLImageElement>("img", card);
  const button = one<HTMLButtonElement>("[data-card-share]", card);
  if (!picture || !button || !navigator.canShare) return;
  const bytes = await (await fetch(picture.src)).blob();
  const file = new File([bytes], card.dataset["file"] ?? "leitai.png", { type: "image/png" });
  if (!navigator.canShare({ files: [file] })) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.share({ files: [file], title: document.title }).catch(() => undefined);
  });
}
