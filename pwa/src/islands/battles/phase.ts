import { one } from "../../lib/dom";
import type { Frame } from "../../lib/frames";
import { _ } from "../../lib/i18n";

/** `last`: less than ten minutes to the cut-off; `over`: past it, and not frozen yet. */
export type Phase = "" | "last" | "over";
type Ending = Pick<Frame, "state" | "cut_off">;

const LAST_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

function leftOf(frame: Ending, now: number): number {
  return Date.parse(frame.cut_off) - now;
}

/** The phase of a board at a server time in ms, as `server/boards/phases.py` says it. */
export function phaseOf(frame: Ending, now: number): Phase {
  if (frame.state !== "live") return "";
  const left = leftOf(frame, now);
  if (left <= 0) return "over";
  return left <= LAST_MS ? "last" : "";
}

/** What the last minutes are called. */
export function phaseWords(frame: Ending, now: number): string {
  if (phaseOf(frame, now) === "over") return _("Time is up");
  return leftOf(frame, now) <= MINUTE_MS ? _("The last minute") : _("The last ten minutes");
}

/** Give the board the face of its last minutes; true when it has just got another one. */
export function showPhase(root: HTMLElement, frame: Frame, now: number): boolean {
  const call = one("[data-last-call]", root);
  const phase = phaseOf(frame, now);
  const isNew = (root.dataset["phase"] ?? "") !== phase;
  root.dataset["phase"] = phase;
  if (!call) return false;
  call.hidden = !phase;
  if (!phase) return false;
  const words = one("[data-last-words]", call);
  const said = phaseWords(frame, now);
  if (words && words.textContent !== said) words.textContent = said;
  call.classList.toggle("last-minute", phase === "last" && leftOf(frame, now) <= MINUTE_MS);
  const part = Math.max(0, leftOf(frame, now) / LAST_MS);
  one("[data-drain]", call)?.style.setProperty("transform", `scaleX(${part.toFixed(4)})`);
  return isNew;
}
