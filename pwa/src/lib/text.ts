/** Write words over those shown: the text is kept, so that only its line is laid out anew. */
export function setText(element: Element, words: string): void {
  const kept = element.firstChild;
  if (!(kept instanceof Text) || kept.nextSibling) element.textContent = words;
  else if (kept.data !== words) kept.data = words;
}
