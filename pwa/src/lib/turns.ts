/** The work of one picture, a piece at each repaint: no piece holds up a finger. */
export class Turns {
  private left: (() => void)[] = [];
  private asked = 0;

  /** Begin with `pieces`; what is left of the picture before is done first. */
  begin(pieces: (() => void)[]): void {
    this.finish();
    this.left = pieces;
    this.next();
  }

  private next(): void {
    const piece = this.left.shift();
    // Asked for first, the next piece comes before the figures that this one lets roll: it finds the
    // page laid out.
    if (this.left.length) this.asked = requestAnimationFrame(() => this.next());
    piece?.();
    if (document.hidden) this.finish();
  }

  private finish(): void {
    cancelAnimationFrame(this.asked);
    this.left.splice(0).forEach((piece) => piece());
  }
}
