import { signal } from "@preact/signals";
import { render } from "preact";

import { timeOfDay } from "./format";
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

/** What the page knows of its link, its newest data, and what waits to be sent. */
export const link = signal<Link>("connecting");
export const asOf = signal("");
export const delayed = signal(false);
export const unsent = signal(0);
const patience = signal(false);
const online = signal(true);

function sentenceOf(): string {
  const parts: string[] = [];
  const away = !online.value || (patience.value && link.value === "connecting");
  if (link.value === "signed_out") parts.push(_("You are signed out. Sign in again."));
  else if (away) parts.push(_("offline"));
  else if (delayed.value) parts.push(_("delayed"));
  if (unsent.value) parts.push(_("%(n)s waiting to be sent", { n: unsent.value }));
  if ((away || delayed.value) && asOf.value) {
    parts.push(_("data as of %(clock)s", { clock: timeOfDay(asOf.value) }));
  }
  return parts.join(" · ");
}

function Banner({ host }: { host: HTMLElement }) {
  const sentence = sentenceOf();
  host.hidden = !sentence;
  host.classList.toggle("late", delayed.value);
  return sentence;
}

/** Bring the banner and the toasts to life. The banner waits five seconds before it says offline. */
export function startNotices(): void {
  const banner = one("#banner");
  const list = one("#toasts");
  const look = (): boolean => (online.value = navigator.onLine);
  look();
  addEventListener("online", look);
  addEventListener("offline", look);
  if (banner) render(<Banner host={banner} />, banner);
  if (list) render(<Toasts />, list);
  let since = 0;
  link.subscribe((now) => {
    clearTimeout(since);
    patience.value = false;
    if (now === "connecting") since = window.setTimeout(() => (patience.value = true), 5000);
  });
}

let spoken = 0;

/** Say a sentence to screen readers: at most one in ten seconds. */
export function announce(sentence: string, now = Date.now()): void {
  const said = one("#said");
  if (!said || now - spoken < 10_000) return;
  spoken = now;
  said.textContent = sentence;
}
