/** Words of a plan by locale: {zh_Hans: "…", zh_Hant: "…", en: "…"}. */
export type ByLocale = Record<string, string>;

export type State = "joining" | "live" | "auditing" | "final" | "void";

export interface Side {
  name: string;
  place: number;
  rank: number;
  /** Exact: "609" or "7/2". */
  score: string;
  shown: string;
  members: number;
}

export interface Person {
  name: string;
  side: string;
  points: number;
  rank: number;
}

export interface Moment {
  name: string;
  side: string;
  kind_title: ByLocale;
  points: number;
  effect: "took_lead" | "widened" | "narrowed" | "moved";
  at: string;
}

/** What everybody on a board works for: at `needed` of its steps it is reached. */
export interface Goal {
  tasks: { title: ByLocale; done: number; target: number }[];
  done: number;
  total: number;
  needed: number;
}

/** A whole board in one message. */
export interface Frame {
  board: string;
  epoch: string;
  version: number;
  state: State;
  delayed: boolean;
  at: string;
  as_of: string;
  starts: string;
  cut_off: string;
  title: ByLocale;
  sides: Side[];
  top: Person[];
  moment: Moment | null;
  moments: Moment[];
  pot: { asset: string | null; total: number };
  winners: string[];
  goal?: Goal | null;
}

/** Whether `next` may be shown after `shown`: within an epoch the version never goes back. */
export function isNewer(shown: Frame | undefined, next: Frame): boolean {
  if (!shown) return true;
  if (shown.epoch === next.epoch) return next.version >= shown.version;
  return Date.parse(next.at) >= Date.parse(shown.at);
}

/** The newest frame of each board; what is older is not taken. */
export class Newest {
  private readonly frames = new Map<string, Frame>();

  get(board: string): Frame | undefined {
    return this.frames.get(board);
  }

  /** Keep `frame` if it may be shown; false when it is older than what is kept. */
  take(frame: Frame): boolean {
    if (!isNewer(this.frames.get(frame.board), frame)) return false;
    this.frames.set(frame.board, frame);
    return true;
  }

  /** Whether a heartbeat's head is ahead of what is kept. */
  lacks(board: string, [epoch, version]: readonly [string, number]): boolean {
    const kept = this.frames.get(board);
    return !kept || kept.epoch !== epoch || kept.version < version;
  }
}

/** An exact score as a number, for bars and gaps only. */
export function measure(score: string): number {
  const [whole, part] = score.split("/");
  return part ? Number(whole) / Number(part) : Number(whole);
}
