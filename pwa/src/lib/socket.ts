import ReconnectingWebSocket from "partysocket/ws";

import { clock } from "./clock";
import { type Frame, Newest } from "./frames";

export type Link = "connecting" | "live" | "polling" | "signed_out";

type Message =
  | ({ t: "frame" } & Frame)
  | { t: "changed"; what: string[] }
  | { t: "refused"; boards: string[] }
  | { t: "hb"; at: string; heads: Record<string, [string, number]> };

export interface Listener {
  onFrame?(frame: Frame): void;
  onChanged?(what: string[]): void;
  onLink?(link: Link): void;
}

const SILENCE_MS = 45_000;
const HIDDEN_MS = 10_000;
const POLL_MS = 10_000;
const HEAL_MS = 2_000;
const TICK_MS = 5_000;
const SLEPT_MS = 15_000;
const FAILURES = 3;
const NO_SESSION = 401;
const SIGNED_OUT = 4401;

/** The one socket of a page: frames of its boards and hints for the person. What a phone shows is
 *  the newest frame it has; after any silence it asks for the whole state again. */
export class Live {
  private readonly newest = new Newest();
  private readonly socket: ReconnectingWebSocket;
  private silence = 0;
  private polling = 0;
  private failures = 0;
  private hiddenSince = 0;
  private ticked = Date.now();

  constructor(
    private readonly boards: readonly string[],
    private readonly listener: Listener,
    url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`,
  ) {
    this.socket = new ReconnectingWebSocket(url, [], {
      connectionTimeout: 4000,
      minReconnectionDelay: 500 + Math.random() * 1000,
      maxReconnectionDelay: 15_000,
      reconnectionDelayGrowFactor: 1.5,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => event.code !== SIGNED_OUT,
    });
    this.socket.addEventListener("open", () => this.opened());
    this.socket.addEventListener("message", (event) => this.heard(String(event.data)));
    this.socket.addEventListener("close", (event) => this.closed(event.code));
    this.resume();
  }

  /* A phone that slept, a page that comes back, another network: the socket may be dead without
     knowing it, so a new one is opened. A page with an open one could not be kept by the browser. */
  private resume(): void {
    addEventListener("pagehide", () => this.socket.close());
    addEventListener("pageshow", (event) => (event as PageTransitionEvent).persisted && this.again());
    document.addEventListener("visibilitychange", () => this.seen());
    document.addEventListener("resume", () => this.again());
    addEventListener("online", () => this.again());
    setInterval(() => this.tick(), TICK_MS);
  }

  /** A lid that was closed hides no page, but time has passed all the same. */
  private tick(): void {
    const slept = Date.now() - this.ticked > TICK_MS + SLEPT_MS;
    this.ticked = Date.now();
    if (slept && !document.hidden) this.again();
  }

  /** The page itself brought a frame: nothing older may replace it. */
  start(frame: Frame): void {
    this.newest.take(frame);
  }

  /** Ask for the whole state of each board over HTTP; without a board whether the server is there. */
  async fetchAll(): Promise<void> {
    if (this.boards.length) await Promise.all(this.boards.map((board) => this.fetchOne(board)));
    else await this.ask("/healthz");
  }

  private async fetchOne(board: string): Promise<void> {
    const answer = await this.ask(`/api/boards/${board}`);
    if (answer?.ok) this.take((await answer.json()) as Frame);
  }

  private async ask(path: string): Promise<Response | undefined> {
    try {
      const answer = await fetch(path, { headers: { Accept: "application/json" } });
      if (answer.status === NO_SESSION) this.end();
      else if (this.polling) this.listener.onLink?.("polling");
      return answer;
    } catch {
      this.listener.onLink?.("connecting");
      return undefined;
    }
  }

  /** The session is over: nothing comes any more. */
  private end(): void {
    clearInterval(this.polling);
    this.polling = 0;
    this.socket.close();
    this.listener.onLink?.("signed_out");
  }

  private opened(): void {
    this.failures = 0;
    clearInterval(this.polling);
    this.polling = 0;
    this.socket.send(JSON.stringify({ t: "watch", boards: this.boards }));
    this.listener.onLink?.("live");
    this.listen();
  }

  private closed(code: number): void {
    clearTimeout(this.silence);
    if (code === SIGNED_OUT) return this.end();
    if (this.polling) return;
    this.failures += 1;
    this.listener.onLink?.("connecting");
    if (this.failures < FAILURES) return;
    this.polling = window.setInterval(() => void this.fetchAll(), POLL_MS);
    void this.fetchAll();
  }

  private heard(data: string): void {
    this.listen();
    const message = JSON.parse(data) as Message;
    if (message.t === "frame") this.take(message);
    else if (message.t === "changed") this.listener.onChanged?.(message.what);
    else if (message.t === "hb") this.compare(message.at, message.heads);
  }

  private take(frame: Frame): void {
    clock.hear(frame.at);
    if (this.newest.take(frame)) this.listener.onFrame?.(frame);
  }

  /** A head that is ahead for longer than a frame takes: something was lost, fetch it. */
  private compare(at: string, heads: Record<string, [string, number]>): void {
    clock.hear(at);
    for (const [board, head] of Object.entries(heads)) {
      if (!this.newest.lacks(board, head)) continue;
      setTimeout(() => this.newest.lacks(board, head) && void this.fetchOne(board), HEAL_MS);
    }
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.again(), SILENCE_MS);
  }

  private seen(): void {
    if (document.hidden) this.hiddenSince = Date.now();
    else if (this.hiddenSince && Date.now() - this.hiddenSince >= HIDDEN_MS) this.again();
  }

  private again(): void {
    this.socket.reconnect();
  }
}
