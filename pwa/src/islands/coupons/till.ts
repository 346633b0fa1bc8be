import { all, one } from "../../lib/dom";
import { sending } from "../../lib/forms";
import { _ } from "../../lib/i18n";
import { grouped } from "./codes";
import { startScanner } from "./scanner";

const TYPING_MS = 250;
const ANSWER_MS = 15_000;
const GOOD = [60];
const BAD = [60, 60, 60, 60, 60];

/** A till's pages: the scanner, the typed code, the order, and the answer over the whole screen. */
export function startTill(): void {
  const scanner = one("[data-scanner]");
  if (scanner) void startScanner(scanner, (found) => ("go" in found ? location.assign(found.go) : typeIn(found.code)));
  startCode();
  all<HTMLFormElement>("form[data-online]").forEach(startSending);
  const redeeming = one<HTMLFormElement>("form[data-redeem]");
  if (redeeming) startPayable(redeeming);
  startOutcome();
}

function typeIn(code: string): void {
  const field = one<HTMLInputElement>("[data-coupon-code]");
  if (!field?.form) return;
  field.value = grouped(code);
  field.form.requestSubmit();
}

function startCode(): void {
  const field = one<HTMLInputElement>("[data-coupon-code]");
  field?.addEventListener("input", () => {
    const isAtEnd = field.selectionStart === field.value.length;
    if (isAtEnd && !/[-\s]$/.test(field.value)) field.value = grouped(field.value);
  });
}

/* Online only: a till without a network cannot know. What was typed stays, and its key with it, so
   that sending again redeems once at most. */
function startSending(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset["sending"]) return;
    if (navigator.onLine) void send(form);
    else say(form, _("No network, so nothing was redeemed. What you typed is still here."));
  });
  addEventListener("online", () => say(form, ""));
}

async function send(form: HTMLFormElement): Promise<void> {
  say(form, "");
  sending(form, true);
  try {
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout?.(ANSWER_MS) ?? null });
    if (answer.redirected) return form.dataset["redeem"] ? location.replace(answer.url) : location.assign(answer.url);
    if (answer.status < 500) return show(await answer.text());
    say(form, _("The server is busy for a moment. Nothing was lost: send again."));
  } catch {
    say(form, _("No answer came. Send it again: it is redeemed once at most."));
  }
  sending(form, false);
}

function say(form: HTMLFormElement, words: string): void {
  const said = one("[data-offline-said]", form);
  if (!said) return;
  said.textContent = words;
  said.hidden = !words;
}

/** Put the page that the server answered in place of this one. */
function show(html: string): void {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  startTill();
  one("[aria-invalid]")?.focus();
}

function startPayable(form: HTMLFormElement): void {
  const amount = one<HTMLInputElement>("[data-amount]", form);
  let timer = 0;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const turn = ++asked;
    const typed = amount?.value.trim() ?? "";
    const answer = typed ? await payable(form.dataset["redeem"] ?? "", typed) : {};
    if (turn === asked) tell(form, answer);
  };
  amount?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), TYPING_MS);
  });
  if (amount?.value) void ask();
}

interface Payable {
  shown?: { payable: string; off: string };
  off?: number;
  message?: string;
}

async function payable(token: string, amount: string): Promise<Payable> {
  try {
    const answer = await fetch(`/api/coupons/${token}/payable?${new URLSearchParams({ amount })}`);
    return answer.status < 500 ? ((await answer.json()) as Payable) : {};
  } catch {
    return {};
  }
}

function tell(form: HTMLFormElement, answer: Payable): void {
  const line = one("[data-payable]", form);
  const fault = one("[data-payable-fault]", form);
  if (!line || !fault) return;
  line.hidden = !answer.shown;
  fault.hidden = !answer.message;
  fault.textContent = answer.message ?? "";
  const [sum, off] = [one("[data-payable-sum]", line), one("[data-payable-off]", line)];
  if (sum) sum.textContent = answer.shown?.payable ?? "";
  if (off) off.textContent = answer.off ? _("%(sum)s off", { sum: answer.shown?.off ?? "" }) : "";
}

function startOutcome(): void {
  const outcome = one("[data-outcome]")?.dataset["outcome"];
  if (outcome) navigator.vibrate?.(outcome === "bad" ? BAD : GOOD);
  const form = one<HTMLFormElement>("[data-undo-seconds]");
  if (!form) return;
  const until = performance.now() + 1000 * Number(form.dataset["undoSeconds"]);
  const tick = (): void => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      form.remove();
      return;
    }
    const shown = one("[data-undo-left]", form);
    if (shown) shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  };
  const timer = window.setInterval(tick, 1000);
  tick();
}
