import { feel } from "../../lib/delight";
import { all, arrange, one, play, reorder, roll } from "../../lib/dom";
import { amount, gap, number, signed, timeOfDay } from "../../lib/format";
import { type Frame, measure, type Moment, type Side } from "../../lib/frames";
import { _, tag, text } from "../../lib/i18n";

const LONG = 4;
const LONGER = 6;

/** The number of a side's colour and shape on this frame; 0 when it is not there. */
export function placeOf(frame: Frame, name: string): number {
  return frame.sides.find((side) => side.name === name)?.place ?? 0;
}

/** Writing what is there already would still be work: a shape would be built anew. */
function put(element: Element | undefined, name: string, value: string): void {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function paint(element: Element | undefined, place: number): void {
  put(element, "data-side", String(place));
}

function write(element: Element | undefined, words: string): void {
  if (element) tag(element, words);
}

/** Give an element the name, colour, shape and score of a side. */
function dress(element: HTMLElement, side: Side): void {
  paint(element, side.place);
  const shape = one("[data-shape]", element);
  paint(shape, side.place);
  put(one("use", shape ?? element), "href", `#shape-${side.place}`);
  write(one("[data-name]", element), side.name);
  const score = one("[data-score]", element);
  score?.classList.toggle("long", side.shown.length > LONG);
  score?.classList.toggle("longer", side.shown.length > LONGER);
  roll(score, side.shown);
}

/** The lead changed hands: the two ends glide past each other, each with its own figure. */
function changeEnds(root: HTMLElement, frame: Frame): void {
  const ends = all("[data-duel]", root);
  const [left, right] = ends.map((end) => one("[data-name]", end)?.textContent);
  const duel = ends[0]?.parentElement;
  if (!duel || left !== frame.sides[1]?.name || right !== frame.sides[0]?.name) return;
  reorder(duel, [...duel.children].reverse());
  ends.reverse().forEach((end, place) => (end.dataset["duel"] = String(place)));
}

/** The top two, the gap between them, the bar they pull at. */
export function showDuel(root: HTMLElement, frame: Frame): void {
  changeEnds(root, frame);
  const [first, second] = frame.sides;
  for (const element of all("[data-duel]", root)) {
    const side = frame.sides[Number(element.dataset["duel"])];
    if (side) dress(element, side);
  }
  if (first && second) pull(root, first, second);
}

function pull(root: HTMLElement, first: Side, second: Side): void {
  const [more, less] = [measure(first.score), measure(second.score)];
  roll(one("[data-gap]", root), gap(more - less));
  const percent = more + less ? (more / (more + less)) * 100 : 50;
  const [left, right] = all("[data-tug] > span", root);
  paint(left, first.place);
  paint(right, second.place);
  left?.parentElement?.style.setProperty("--pull", `${percent}%`);
}

function rowsOf(root: HTMLElement): Map<string | undefined, HTMLElement> {
  return new Map(all("[data-standing]", root).map((row) => [row.dataset["standing"], row]));
}

/** What each side has by now, and how much of the best that is. */
export function showScores(root: HTMLElement, frame: Frame): void {
  const rows = rowsOf(root);
  const most = measure(frame.sides[0]?.score ?? "0") || 1;
  for (const side of frame.sides) {
    const row = rows.get(side.name);
    if (!row) continue;
    write(one("[data-score]", row), side.shown);
    one("[data-bar]", row)?.style.setProperty("--part", `${(measure(side.score) / most) * 100}%`);
  }
}

/** Rows in the order of the frame, each with its rank and what it gained since the page opened. */
export function showRanks(root: HTMLElement, frame: Frame, ranks: Map<string, number>): void {
  const list = one("[data-standings]", root);
  if (!list) return;
  const rows = rowsOf(list);
  reorder(list, frame.sides.flatMap((side) => rows.get(side.name) ?? []));
  for (const side of frame.sides) {
    const row = rows.get(side.name);
    const rank = row && one("[data-rank]", row);
    if (!rank) continue;
    if (Number(rank.textContent) > side.rank) play(row, "lifted");
    write(rank, String(side.rank));
    showDelta(one("[data-delta]", row), (ranks.get(side.name) ?? side.rank) - side.rank);
  }
}

function showDelta(element: HTMLElement | undefined, gained: number): void {
  const n = Math.abs(gained);
  const shown = n ? `${gained > 0 ? "▲" : "▼"}${n}` : "";
  if (!element || element.textContent === shown) return;
  element.textContent = shown;
  element.classList.toggle("up", gained > 0);
  element.role = n ? "img" : null;
  element.ariaLabel = n ? (gained > 0 ? _("up %(n)s", { n }) : _("down %(n)s", { n })) : null;
}

/** The places on the store screen below the top two. */
export function showOthers(root: HTMLElement, frame: Frame): void {
  const list = one("[data-others]", root);
  if (!list) return;
  all("[data-other]", list).forEach((element, place) => {
    const side = frame.sides[place + 2];
    if (side) dress(element, side);
  });
}

function kindOf(moment: Moment): string {
  return text(moment.kind_title).split(/：|:\s/)[0] ?? "";
}

/** Who moved the board, where there is no lead to take. */
function plainWordsOf(moment: Moment): string {
  return _("%(name)s: %(kind)s", { name: moment.name, kind: kindOf(moment) });
}

/** Who moved the board, and what it did to the lead; of a long kind the part before its colon. */
export function wordsOf(moment: Moment): string {
  const kind = kindOf(moment);
  const facts = { name: moment.name, kind, side: moment.side };
  if (moment.effect === "took_lead") return _("%(name)s: %(kind)s. %(side)s takes the lead", facts);
  if (moment.effect === "widened") return _("%(name)s: %(kind)s. %(side)s pulls further ahead", facts);
  if (moment.effect === "narrowed") return _("%(name)s: %(kind)s. %(side)s closes in", facts);
  return _("%(name)s: %(kind)s for %(side)s", facts);
}

/** As the server's macro `face` has it: of a Latin name or one with a title the first letter. */
export function initialOf(name: string): string {
  return name.length < 3 || /^[\0-\u024e]|(女士|先生|小姐)$/.test(name) ? name.slice(0, 1) : name.slice(-1);
}

function keyOf(moment: Moment): string {
  return `${moment.at} ${moment.name} ${moment.points}`;
}

function copyOf(template: HTMLTemplateElement): HTMLElement {
  return template.content.firstElementChild?.cloneNode(true) as HTMLElement;
}

/** What happened before the newest, which stands in the arena; what has just moved down rises. */
export function showFeed(root: HTMLElement, before: Frame, frame: Frame): void {
  const feed = one("[data-feed]", root);
  const template = one<HTMLTemplateElement>("[data-moment-row]", root);
  const known = before.moments.slice(1).map(keyOf);
  const told = frame.moments.slice(1);
  if (!feed || !template || told.map(keyOf).join() === known.join()) return;
  const section = one("[data-feed-section]", root);
  if (section) section.hidden = !told.length;
  const rows = new Map(all("[data-feed] > li", root).map((row, place) => [known[place], row]));
  arrange(
    feed,
    told.map((moment) => {
      const row = rows.get(keyOf(moment)) ?? copyOf(template);
      // Of two that are alike each gets a row of its own.
      rows.delete(keyOf(moment));
      paint(row, placeOf(frame, moment.side));
      write(one(".face", row), initialOf(moment.name));
      write(one("div > span", row), wordsOf(moment));
      write(one("small", row), timeOfDay(moment.at));
      write(one("b", row), signed(moment.points));
      if (!known.includes(keyOf(moment))) play(row, "risen");
      return row;
    }),
  );
}

/** The one line of news: who moved the board last. */
export function showMoment(root: HTMLElement, frame: Frame): void {
  const line = one("[data-moment]", root);
  if (!line || !frame.moment || line.dataset["key"] === keyOf(frame.moment)) return;
  line.dataset["key"] = keyOf(frame.moment);
  const [span, points] = [document.createElement("span"), document.createElement("b")];
  paint(span, placeOf(frame, frame.moment.side));
  points.className = "num";
  points.textContent = signed(frame.moment.points);
  span.append(`${frame.sides.length === 1 ? plainWordsOf(frame.moment) : wordsOf(frame.moment)} `, points);
  const isNew = line.textContent?.trim() !== span.textContent;
  line.replaceChildren(span);
  if (isNew) play(line, "risen");
}

/** The best people of all sides. */
export function showTop(root: HTMLElement, before: Frame, frame: Frame): void {
  const list = one("[data-top]", root);
  const template = one<HTMLTemplateElement>("[data-top-row]", root);
  if (!list || !template || JSON.stringify(before.top) === JSON.stringify(frame.top)) return;
  arrange(
    list,
    frame.top.map((person, nth) => {
      const row = (list.children[nth] as HTMLElement | undefined) ?? copyOf(template);
      const place = placeOf(frame, person.side);
      paint(row, place);
      put(one("use", row), "href", `#shape-${place}`);
      write(one(".rank", row), String(person.rank));
      write(one(".name > span", row), person.name);
      write(one("small", row), person.side);
      write(one(".score", row), number(person.points));
      return row;
    }),
  );
}

/** The pot and the time of what is shown; `isLinked`: news would reach this page. */
export function showFacts(root: HTMLElement, frame: Frame, isLinked: boolean): void {
  write(one("[data-pot]", root), amount(frame.pot.total, frame.pot.asset));
  const isFresh = isLinked && frame.state === "live" && !frame.delayed;
  const age = isFresh ? _("just now") : _("as of %(clock)s", { clock: timeOfDay(frame.as_of) });
  write(one("[data-asof]", root), age);
}

/** A new leader: its colour washes over the card once, and the phone is felt if it can be. */
export function showLead(root: HTMLElement, before: Frame, frame: Frame): void {
  const [was, is] = [before.sides[0], frame.sides[0]];
  if (!is || was?.name === is.name) return;
  const wash = one("[data-wash]", root);
  paint(wash, is.place);
  play(wash, "washed");
  feel("lead");
}
