import { all, refetch } from "./dom";

const JITTER_MS = 2000;
let timer = 0;

/** "changed: wallet" → the parts of the page that show it are fetched again, at a random moment so
 *  that a whole company does not ask at once. What somebody is typing in is left alone. */
export function hear(what: string[]): void {
  const touched = all("[data-refetch]").filter((part) => {
    const shows = (part.dataset["refetch"] ?? "").split(" ");
    return shows.some((name) => what.includes(name));
  });
  const isTyping = touched.some((part) => part.querySelector("input:focus, textarea:focus, select:focus"));
  if (!touched.length || isTyping || timer) return;
  timer = window.setTimeout(() => {
    timer = 0;
    // A page that has other parts by now (an empty desk that is not empty any more) is opened anew.
    void refetch("[data-refetch]")
      .then((done) => done || location.reload())
      .catch(() => undefined);
  }, Math.random() * JITTER_MS);
}
