import { all, one } from "../../lib/dom";
import { clock } from "../../lib/clock";
import { _ } from "../../lib/i18n";
import { toast } from "../../lib/notices";
import type { Answer } from "../../lib/outbox";
import { freshen } from "../../lib/refresh";
import type { Waiting } from "../../lib/store";
import { dropForm, askWorker, keepForm, queue, sendQueue } from "./queue";

const PATIENCE_MS = 12_000;

/** Send a form that may wait (`data-waits`: what to call it). It is kept first, then sent behind
 *  what waits already; without an answer soon the page is free for the next one. */
export async function sendForm(form: HTMLFormElement): Promise<void> {
  const waiting = read(form);
  if (!(await keepForm(waiting))) return toast(_("Too much waits to be sent. Find a network first."));
  if (form.dataset["again"]) await dropForm({ turn: Number(form.dataset["again"]) });
  delete form.dataset["again"];
  const answer = await answerTo(waiting.key);
  if (answer?.response) await follow(waiting.key, answer.response);
  else await letGo(form, waiting.key);
}

/** What the server says of one form, if it says it while somebody still waits for it. */
function answerTo(key: string): Promise<Answer | undefined> {
  return new Promise((done) => {
    let isAwaited = true;
    const giveUp = (): void => {
      isAwaited = false;
      done(undefined);
    };
    setTimeout(giveUp, PATIENCE_MS);
    void sendQueue((waiting, answer) => {
      if (waiting.key !== key || !isAwaited) return false;
      done(answer);
      return true;
    }).finally(giveUp);
  });
}

function read(form: HTMLFormElement): Omit<Waiting, "owner"> {
  const [key, data] = [newKey(), new FormData(form)];
  data.set("idempotency_key", key);
  data.set("happened_at", new Date(clock.now()).toISOString());
  return {
    key,
    action: form.action,
    page: location.pathname + location.search,
    fields: [...data.entries()].filter(([, value]) => typeof value === "string" || value.size),
    title: titleOf(form),
    since: clock.now(),
  };
}

/* A page that was kept, or that somebody came back to, brings the key of what was sent before. */
function newKey(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function titleOf(form: HTMLFormElement): string {
  const named = one<HTMLInputElement>("[data-title]", form)?.value.trim();
  const chosen = one("input[name=kind]:checked", form)?.nextSibling?.textContent?.trim();
  return [form.dataset["waits"], named ?? chosen].filter(Boolean).join(" · ");
}

/** The server answered: go where it leads, or show what it said beside the fields. */
async function follow(key: string, response: Response): Promise<void> {
  if (response.redirected) return location.assign(response.url);
  const refused = queue.value.find((each) => each.key === key);
  if (refused) await dropForm(refused);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const [shown, now] = [one("#main"), one("#main", fresh)];
  if (!shown || !now) return;
  shown.replaceWith(now);
  freshen(now);
  one('[aria-invalid="true"], [role="alert"]')?.focus();
}

/** No answer yet: make the page ready for the next one, and say where this one is. */
async function letGo(form: HTMLFormElement, key: string): Promise<void> {
  if (queue.value.some((each) => each.key === key)) toast(_("Kept. It is sent as soon as there is a network."));
  form.reset();
  if (!all("input:not([type=hidden]), textarea, select", form).length) markWaiting(form);
  await askWorker();
}

/** A form without fields has been said with one tap. */
function markWaiting(form: HTMLFormElement): void {
  for (const button of all<HTMLButtonElement>("button", form)) {
    button.disabled = true;
    button.dataset["label"] = _("waits for a network");
  }
}
