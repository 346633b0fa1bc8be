import { clock } from "../../lib/clock";
import { celebrate } from "../../lib/delight";
import { all, one, play, refetch, reveal } from "../../lib/dom";
import { countdown, gap, timeOfDay } from "../../lib/format";
import { type Frame, measure } from "../../lib/frames";
import { _ } from "../../lib/i18n";
import { announce, asOf, delayed, link } from "../../lib/notices";
import { keepBoard } from "../../lib/store";
import { Turns } from "../../lib/turns";
import { showGoal } from "../challenges/goal";
import * as board from "./board";
import { Momentum } from "./momentum";
import { MyRow } from "./my_row";
import { phaseWords, showPhase } from "./phase";

/* A figure that still rolls is not rolled again: what comes in between becomes one picture. */
const REST_MS = 500;
const KEEP_MS = 1000;
/* The hour of the chart goes on though nobody scores. */
const HOUR_GOES_ON_S = 300;

/** The live board of a page: it starts as the server drew it, and each frame is laid over it. */
export class LiveBoard {
  readonly id: string;
  private shown: Frame;
  private pending: Frame | undefined;
  private drawing = 0;
  private drawn = 0;
  private ticks = 0;
  private redrawing = false;
  private readonly ranks: Map<string, number>;
  private readonly mine: MyRow;
  private readonly momentum = new Momentum();
  private readonly turns = new Turns();
  private keeping = 0;

  /** `reopen`: who draws the page anew when the server has to; else its marked parts are. */
  constructor(
    private root: HTMLElement,
    private readonly reopen?: (frame: Frame) => void,
  ) {
    this.shown = JSON.parse(root.dataset["frame"] ?? "{}") as Frame;
    this.id = this.shown.board;
    this.ranks = new Map(this.shown.sides.map((side) => [side.name, side.rank]));
    this.mine = new MyRow(this.id);
    asOf.value = this.shown.as_of;
    delayed.value = this.shown.delayed;
    if (clock.isSet) clock.hear(this.shown.at);
    this.tick();
    setInterval(() => this.tick(), 1000);
    link.subscribe(() => this.showFacts());
    void keepBoard(this.shown, location.pathname).catch(() => undefined);
  }

  get frame(): Frame {
    return this.shown;
  }

  /** Show a frame at the next repaint, twice a second at most; several in between become one. */
  show(frame: Frame): void {
    this.pending = frame;
    const rest = Math.max(0, this.drawn + REST_MS - Date.now());
    this.drawing ||= window.setTimeout(() => requestAnimationFrame(() => this.draw()), rest);
    if (document.hidden) this.draw();
  }

  private draw(): void {
    clearTimeout(this.drawing);
    this.drawing = 0;
    const frame = this.pending;
    if (!frame || this.redrawing) return;
    this.pending = undefined;
    this.drawn = Date.now();
    const before = this.shown;
    this.shown = frame;
    asOf.value = frame.as_of;
    delayed.value = frame.delayed;
    if (isOtherPage(before, frame)) this.reopen ? this.reopen(frame) : void this.redraw(frame);
    else this.lay(before, frame);
    this.keep();
  }

  /** For the day without network, a second after the first of several frames. */
  private keep(): void {
    this.keeping ||= window.setTimeout(() => {
      this.keeping = 0;
      void keepBoard(this.shown, location.pathname).catch(() => undefined);
    }, KEEP_MS);
  }

  private lay(before: Frame, frame: Frame): void {
    this.turns.begin([
      () => board.showDuel(this.root, frame),
      () => board.showLead(this.root, before, frame),
      () => board.showScores(this.root, frame),
      () => board.showRanks(this.root, frame, this.ranks),
      () => board.showOthers(this.root, frame),
      () => board.showMoment(this.root, frame),
      () => board.showFeed(this.root, before, frame),
      () => board.showTop(this.root, before, frame),
      () => showGoal(this.root, frame),
      () => this.showFacts(),
      () => this.say(before, frame),
    ]);
    this.mine.stir();
    this.momentum.stir();
  }

  /** The state changed: the server draws the new face, the seal is pressed on. */
  private async redraw(frame: Frame): Promise<void> {
    this.redrawing = true;
    try {
      if (!(await refetch("[data-board], .top"))) location.reload();
      this.root = one("[data-board]") ?? this.root;
    } catch {
      this.lay(frame, frame);
    } finally {
      this.redrawing = false;
    }
    all("[data-seal]").forEach((seal) => play(seal, "pressed"));
    reveal(one("[data-verdict]"));
    celebrate(document);
    if (this.pending) this.draw();
  }

  private say(before: Frame, frame: Frame): void {
    const [first, second] = frame.sides;
    if (!first || !second || before.version === frame.version) return;
    const ahead = gap(measure(first.score) - measure(second.score));
    const facts = { side: first.name, score: first.shown, gap: ahead };
    const isTaken = before.sides[0]?.name !== first.name;
    if (isTaken) announce(_("%(side)s takes the lead with %(score)s, ahead by %(gap)s", facts));
    else announce(_("%(side)s %(score)s, ahead by %(gap)s", facts));
  }

  private showFacts(): void {
    const isLinked = link.value === "live" || link.value === "polling";
    board.showFacts(this.root, this.shown, isLinked);
  }

  private tick(): void {
    for (const element of all("[data-until]", this.root)) {
      const left = countdown(element.dataset["until"] ?? "").slice("short" in element.dataset ? -5 : 0);
      if (element.textContent !== left) element.textContent = left;
    }
    const now = clock.now();
    if (showPhase(this.root, this.shown, now)) announce(phaseWords(this.shown, now));
    this.ticks += 1;
    if (this.ticks % HOUR_GOES_ON_S === 0 && this.shown.state === "live") this.momentum.stir();
  }
}

/** Whether a frame needs what only the server draws: another state, or other sides. */
export function isOtherPage(before: Frame, frame: Frame): boolean {
  const names = (each: Frame): string => each.sides.map((side) => side.name).sort().join("\n");
  return before.state !== frame.state || names(before) !== names(frame);
}

/** A line for the list of boards that can be read offline. */
export function summary(frame: Frame): string {
  const two = frame.sides.slice(0, 2).map((side) => `${side.name} ${side.shown}`);
  const asOf = _("as of %(clock)s", { clock: timeOfDay(frame.as_of) });
  return [...two, asOf].join(" · ");
}
