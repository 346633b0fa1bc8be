/** Fetch the badges of a side into its place; offline the place stays as it is. */
export async function refreshed(part: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(part.dataset["sideBadges"] ?? "", { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part.replaceChildren(...page.body.childNodes);
  } catch {
    // The next hint, or the next opening of the page, asks again.
  }
}
