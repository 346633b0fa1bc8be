import { clock } from "./clock";
import { _, ngettext } from "./i18n";

/* To make one costs more than all that it then writes. */
const grouped = new Intl.NumberFormat("en-US");
let times: Intl.DateTimeFormat | undefined;
const MINUS = "\u2212";

/** 1286 → 1,286. */
export function number(value: number): string {
  return (value < 0 ? MINUS : "") + grouped.format(Math.abs(value));
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

/** 分 as yuan: 46250 → ¥462.50. */
export function money(cents: number): string {
  const rest = Math.abs(cents) % 100;
  const whole = (Math.abs(cents) - rest) / 100;
  const tail = rest ? `.${String(rest).padStart(2, "0")}` : "";
  return `${cents < 0 ? MINUS : ""}¥${grouped.format(whole)}${tail}`;
}

export function amount(value: number, asset: string | null): string {
  if (asset === "cash") return money(value);
  return ngettext("%(n)s point", "%(n)s points", value, { n: number(value) });
}

/** A difference of scores for the eye: whole, or with two digits at most. */
export function gap(value: number): string {
  return grouped.format(Number(value.toFixed(2)));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** What is left until a moment: 02:14:09, above a day 3 天 02:14; never below zero. */
export function countdown(untilIso: string, now = clock.now()): string {
  const left = Math.max(0, Math.floor((Date.parse(untilIso) - now) / 1000));
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  if (days) return _("%(days)sd %(clock)s", { days, clock: `${two(hours)}:${two(minutes)}` });
  return `${two(hours)}:${two(minutes)}:${two(left % 60)}`;
}

function zone(): string {
  return document.documentElement.dataset["zone"] ?? "Asia/Shanghai";
}

/** A moment in as few words as tell it: 10:32 today, else the day before it. */
export function moment(at: string | number, now = clock.now()): string {
  const dayOf = (one: string | number): string => new Date(one).toLocaleDateString("en", { timeZone: zone() });
  if (dayOf(at) === dayOf(now)) return timeOfDay(at);
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric", timeZone: zone() });
  return `${day.format(new Date(at))} ${timeOfDay(at)}`;
}

/** The time of day in the company's zone: 17:00. */
export function timeOfDay(at: string | number): string {
  times ??= new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone(),
  });
  return times.format(new Date(at));
}
