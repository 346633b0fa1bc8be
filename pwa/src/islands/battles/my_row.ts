import { one } from "../../lib/dom";
import { number } from "../../lib/format";
import { _, tag } from "../../lib/i18n";

/** Where I stand on a board. */
export interface Mine {
  side: string;
  side_rank: number;
  points: number;
  chase: { points: number; name: string | null } | null;
  first: { points: number } | null;
}

const LEAST_MS = 3000;
const JITTER_MS = 2000;
const [OPEN, CLOSE] = ["\u0001", "\u0002"];

function strong(value: number): string {
  return OPEN + number(value) + CLOSE;
}

/** The line under my name: what I have, and what passes the next one. */
function underWords(mine: Mine): string {
  const points = strong(mine.points);
  if (mine.chase) {
    const more = strong(mine.chase.points);
    const name = mine.chase.name ?? _("the next one");
    const chase = _("%(points)s in this battle, %(more)s more to pass %(name)s", { points, more, name });
    if (!mine.first || mine.side_rank < 3) return chase;
    const first = _("%(more)s to be first", { more: strong(mine.first.points) });
    return `${chase} · ${first}`;
  }
  if (mine.side_rank === 1) return _("%(points)s in this battle, nobody in your side has more", { points });
  return _("%(points)s in this battle", { points });
}

/** Put a sentence with marked figures into an element, unless it says so already. */
function setRich(element: HTMLElement, sentence: string): void {
  if (element.textContent === sentence.replace(/[\u0001\u0002]/g, "")) return;
  const parts = sentence.split(/(\u0001[^\u0002]*\u0002)/).map((part) => {
    if (!part.startsWith(OPEN)) return part;
    const figure = document.createElement("b");
    figure.textContent = part.slice(1, -1);
    return figure;
  });
  element.replaceChildren(...parts);
}

function show(row: HTMLElement, mine: Mine): void {
  const title = one("[data-my-title]", row);
  const under = one("[data-my-under]", row);
  const facts = { side: mine.side, rank: mine.side_rank };
  if (title) tag(title, _("I am number %(rank)s in %(side)s", facts));
  if (under) setRich(under, underWords(mine));
}

/** Keeps my row true: after a frame it asks within two seconds, at most every three. */
export class MyRow {
  private timer = 0;
  private asked = 0;

  constructor(private readonly board: string) {}

  /** The board moved: my row may have too. */
  stir(): void {
    if (this.timer || !one("[data-my-row]")) return;
    const rest = Math.max(0, this.asked + LEAST_MS - Date.now());
    this.timer = window.setTimeout(() => void this.ask(), rest + Math.random() * JITTER_MS);
  }

  private async ask(): Promise<void> {
    this.timer = 0;
    this.asked = Date.now();
    try {
      const answer = await fetch(`/api/boards/${this.board}/me`);
      const mine = answer.ok ? ((await answer.json()) as Mine | null) : null;
      const row = one("[data-my-row]");
      if (mine && row) show(row, mine);
    } catch {
      // Offline: the row keeps what it says; the banner tells how old that is.
    }
  }
}
