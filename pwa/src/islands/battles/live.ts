import { celebrate } from "../../lib/delight";
import { all, one, play, refetch } from "../../lib/dom";
import { countdown, gap, timeOfDay } from "../../lib/format";
import { type Frame, measure } from "../../lib/frames";
import { _ } from "../../lib/i18n";
import { announce, asOf, delayed, link } from "../../lib/notices";
import { keepBoard } from "../../lib/store";
import { showGoal } from "../challenges/goal";
import * as board from "./board";
import { MyRow } from "./my_row";

/** The live board of a page: it starts as the server drew it, and each frame is laid over it. */
export class LiveBoard {
  readonly id: string;
  private shown: Frame;
  private pending: Frame | undefined;
  private drawing = 0;
  private redrawing = false;
  private readonly ranks: Map<string, number>;
  private readonly mine: MyRow;

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
    this.tick();
    setInterval(() => this.tick(), 1000);
    link.subscribe(() => this.showFacts());
    void keepBoard(this.shown, location.pathname).catch(() => undefined);
  }

  get frame(): Frame {
    return this.shown;
  }

  /** Show a frame at the next repaint; several in between become one. */
  show(frame: Frame): void {
    this.pending = frame;
    this.drawing ||= requestAnimationFrame(() => this.draw());
    if (document.hidden) this.draw();
  }

  private draw(): void {
    cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    const frame = this.pending;
    if (!frame || this.redrawing) return;
    this.pending = undefined;
    const before = this.shown;
    this.shown = frame;
    asOf.value = frame.as_of;
    delayed.value = frame.delayed;
    if (isOtherPage(before, frame)) this.reopen ? this.reopen(frame) : void this.redraw(frame);
    else this.lay(before, frame);
    void keepBoard(frame, location.pathname).catch(() => undefined);
  }

  private lay(before: Frame, frame: Frame): void {
    board.showLead(this.root, before, frame);
    board.showDuel(this.root, frame);
    board.showStandings(this.root, frame, this.ranks);
    board.showOthers(this.root, frame);
    board.showFeed(this.root, frame);
    board.showMoment(this.root, frame);
    board.showTop(this.root, frame);
    showGoal(this.root, frame);
    this.showFacts();
    this.mine.stir();
    this.say(before, frame);
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
    play(one("[data-verdict]"), "risen");
    celebrate(document);
    if (this.pending) this.draw();
  }

  private say(before: Frame, frame: Frame): void {
    const [first, second] = frame.sides;
    if (!first || !second || before.version === frame.version) return;
    const facts = { side: first.name, score: first.shown };
    const ahead = gap(measure(first.score) - measure(second.score));
    announce(_("%(side)s %(score)s, ahead by %(gap)s", { ...facts, gap: ahead }));
  }

  private showFacts(): void {
    const isLinked = link.value === "live" || link.value === "polling";
    board.showFacts(this.root, this.shown, isLinked);
  }

  private tick(): void {
    for (const element of all("[data-until]", this.root)) {
      const left = countdown(element.dataset["until"] ?? "");
      if (element.textContent !== left) element.textContent = left;
    }
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
