import { one } from "./dom";
import { text } from "./i18n";
import { keptBoards } from "./store";
import { summary } from "../islands/battles/live";

/** The offline page: the last known boards, each with its time, and a way back. */
export async function startKept(): Promise<void> {
  const host = one("[data-kept]");
  if (!host) return;
  for (const { frame, path } of await keptBoards()) {
    const card = document.createElement("a");
    card.className = "card";
    card.href = path;
    const [title, line] = [document.createElement("h2"), document.createElement("p")];
    title.textContent = text(frame.title);
    line.className = "quiet small num";
    line.textContent = summary(frame);
    card.append(title, line);
    host.append(card);
  }
  addEventListener("online", () => location.reload());
}
