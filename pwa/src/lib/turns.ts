let taken = -1;

/** Whether a piece has the repaint that began at `now`: what rolls rests for one, and goes on after it. */
export function isTaken(now: number): boolean {
  return now === taken;
}

/** The work of one picture, a piece at each second repaint: no piece holds up a finger, and none
 *  shares a repaint with the figures that roll. */
export class Turns {
  private left: (() => void)[] = [];
  private asked = 0;

  /** Begin with `pieces`; what is left of the picture before is done first. */
  begin(pieces: (() => void)[]): void {
    this.finish();
    this.left = pieces;
    this.next();
  }

  private next(now = taken): void {
    taken = now;
    const piece = this.left.shift();
    // Asked for first, the next piece comes before the figures that this one lets roll: they hear of it.
    if (this.left.length) this.rest();
    piece?.();
    if (document.hidden) this.finish();
  }

  private rest(): void {
    this.asked = requestAnimationFrame(() => {
      this.asked = requestAnimationFrame((now) => this.next(now));
    });
  }

  private finish(): void {
    cancelAnimationFrame(this.asked);
    this.left.splice(0).forEach((piece) => piece());
  }
}
