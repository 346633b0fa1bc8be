import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";

import { moment } from "./format";
import { _ } from "./i18n";
import { one } from "./dom";
import type { Link } from "./socket";

/** A toast: one sentence, maybe one action. */
interface Toast {
  id: number;
  sentence: string;
  label?: string;
  act?: () => void;
}

const toasts = signal<Toast[]>([]);
let count = 0;

/** Say something for five seconds; with an action it stays until it is answered. */
export function toast(sentence: string, label?: string, act?: () => void): void {
  const id = ++count;
  toasts.value = [...toasts.value, act && label ? { id, sentence, label, act } : { id, sentence }];
  if (!act) setTimeout(() => dismiss(id), 5000);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

function Toasts() {
  return toasts.value.map((each) => (
    <div class="toast risen" key={each.id}>
      <span>{each.sentence}</span>
      {each.act && (
        <button type="button" onClick={() => (dismiss(each.id), each.act?.())}>
          {each.label}
        </button>
      )}
    </div>
  ));
}

/** What the page knows of its link, its newest data, whether it comes from what was kept, what waits
 *  to be sent, and what was refused. */
export const link = signal<Link>("connecting");
export const asOf = signal("");
export const delayed = signal(false);
export const isKept = signal(false);
export const unsent = signal(0);
export const refused = signal(0);
const online = signal(true);
const isUnlinked = computed(() => !online.value || link.value === "connecting");
const isAway = signal(false);
const openUnsent = signal<() => void>(() => undefined);

/** Say who shows what waits. */
export function askAbout(open: () => void): void {
  openUnsent.value = open;
}

function sentenceOf(): string {
  const parts: string[] = [];
  if (link.value === "signed_out") parts.push(_("You are signed out. Sign in again."));
  else if (isAway.value) parts.push(_("offline"));
  else if (delayed.value) parts.push(_("delayed"));
  if ((isAway.value || delayed.value || isKept.value) && asOf.value) {
    parts.push(_("data as of %(clock)s", { clock: moment(asOf.value) }));
  }
  return parts.join(" · ");
}

function Banner({ host }: { host: HTMLElement }) {
  const sentence = sentenceOf();
  const waits = unsent.value;
  const stays = refused.value;
  host.hidden = !sentence && !waits && !stays;
  host.classList.toggle("late", delayed.value);
  return (
    <>
      {sentence && <span>{sentence}</span>}
      {isKept.value && !isAway.value && <Deed words={_("Reload")} act={() => location.reload()} />}
      {!!waits && <Deed words={_("%(n)s waiting to be sent", { n: waits })} act={openUnsent.value} />}
      {!waits && !!stays && <Deed words={_("%(n)s not accepted", { n: stays })} act={openUnsent.value} />}
    </>
  );
}

function Deed({ words, act }: { words: string; act: () => void }) {
  return (
    <button type="button" class="link" onClick={act}>
      {words}
    </button>
  );
}

const PATIENCE_MS = 5_000;

/** Bring the banner and the toasts to life.
 *
 * The banner waits five seconds before it says offline: a phone that changes its network has none
 * for less. A page that begins without one says so at once. */
export function startNotices(): void {
  const banner = one("#banner");
  const list = one("#toasts");
  const look = (): boolean => (online.value = navigator.onLine);
  isAway.value = !look();
  addEventListener("online", look);
  addEventListener("offline", look);
  if (banner) render(<Banner host={banner} />, banner);
  if (list) render(<Toasts />, list);
  let waiting = 0;
  effect(() => {
    clearTimeout(waiting);
    if (!isUnlinked.value) isAway.value = false;
    else waiting = window.setTimeout(() => (isAway.value = true), PATIENCE_MS);
  });
}

const BREATH_MS = 10_000;
let spoken = 0;
let unsaid = "";
let speaking = 0;

/** Say a sentence to screen readers: one in ten seconds; of what comes in between, the newest. */
export function announce(sentence: string): void {
  unsaid = sentence;
  const rest = spoken + BREATH_MS - Date.now();
  if (rest <= 0) say();
  else speaking ||= window.setTimeout(say, rest);
}

function say(): void {
  clearTimeout(speaking);
  speaking = 0;
  const said = one("#said");
  if (said) said.textContent = unsaid;
  spoken = Date.now();
}
