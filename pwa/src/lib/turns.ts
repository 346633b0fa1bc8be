/** The work of one picture, a piece at each repaint: no piece holds up a finger. */
export class Turns {
  private left: (() => void)[] = [];

  /** Begin with `pieces`; what is left of the picture before is done first. */
  begin(pieces: (() => void)[]): void {
    this.finish();
    this.left = pieces;
    this.next();
  }

  private next(): void {
    this.left.shift()?.();
    if (document.hidden) this.finish();
    else if (this.left.length) requestAnimationFrame(() => this.next());
  }

  private finish(): void {
    this.left.splice(0).forEach((piece) => piece());
  }
}
