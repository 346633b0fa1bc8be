import { signal } from "@preact/signals";
import { render } from "preact";

import { all, one } from "../../lib/dom";
import { sending } from "../../lib/forms";
import { signed } from "../../lib/format";
import { _ } from "../../lib/i18n";
import { toast, unsent } from "../../lib/notices";
import * as outbox from "../../lib/outbox";
import { clock } from "../../lib/clock";
import { shrink } from "./photos";

const PHOTOS_MOST = 3;
const photos = signal<{ blob: Blob; url: string }[]>([]);

function drop(url: string): void {
  URL.revokeObjectURL(url);
  photos.value = photos.value.filter((photo) => photo.url !== url);
}

function Photos() {
  return photos.value.map((photo, place) => (
    <button
      type="button"
      class="photo"
      key={photo.url}
      aria-label={_("Remove photo %(n)s", { n: place + 1 })}
      onClick={() => drop(photo.url)}
    >
      <img src={photo.url} alt="" />
    </button>
  ));
}

async function add(files: FileList): Promise<void> {
  const room = PHOTOS_MOST - photos.value.length;
  const small = await Promise.all([...files].slice(0, room).map(shrink));
  photos.value = [...photos.value, ...small.map((blob) => ({ blob, url: URL.createObjectURL(blob) }))];
  if (files.length > room) toast(_("%(n)s photos at most.", { n: PHOTOS_MOST }));
}

/** A report form (an action or a lead): the photo tiles, what the chosen kind scores, sending
 *  without network. */
export function startReport(): void {
  const form = one<HTMLFormElement>("[data-report]");
  if (!form) return;
  startPhotos(form);
  takeKey(form);
  for (const kind of all<HTMLInputElement>("input[name=kind]", form)) {
    kind.addEventListener("change", () => choose(form, kind.dataset));
  }
  form.addEventListener("submit", (event) => {
    // What only asks (whether a number is free) goes the usual way.
    if (event.submitter?.hasAttribute("formaction") && navigator.onLine) return;
    event.preventDefault();
    if (event.submitter?.hasAttribute("formaction")) return toast(_("No network: send it, and you hear later."));
    if (!form.dataset["sending"]) void send(form);
  });
}

/* A page that the worker kept brings the key of a report that was sent with it before. */
function takeKey(form: HTMLFormElement): void {
  const key = one<HTMLInputElement>("[name=idempotency_key]", form);
  if (key && "randomUUID" in crypto) key.value = crypto.randomUUID();
}

function startPhotos(form: HTMLFormElement): void {
  const tiles = one("[data-photos]", form);
  const input = one<HTMLInputElement>("input[type=file]", form);
  if (!tiles || !input) return;
  const host = document.createElement("div");
  host.className = "photos-kept";
  tiles.prepend(host);
  render(<Photos />, host);
  input.addEventListener("change", () => {
    if (input.files?.length) void add(input.files).then(() => (input.value = ""));
  });
}

function choose(form: HTMLFormElement, kind: DOMStringMap): void {
  const more = one("[data-kind-more]", form);
  if (more) more.textContent = kind["more"] ?? "";
  const points = Number(kind["points"]);
  const button = one("[data-submit] button", form);
  if (!button) return;
  button.textContent = _("Send · %(points)s once accepted", { points: signed(points) });
  delete button.dataset["label"];
}

function fieldsOf(form: HTMLFormElement): [string, string | Blob][] {
  const data = new FormData(form);
  data.delete("photos");
  data.set("happened_at", new Date(clock.now()).toISOString());
  return [...data.entries(), ...photos.value.map((photo): [string, Blob] => ["photos", photo.blob])];
}

/** Send; without network keep it, say so, and make the form ready for the next one. */
async function send(form: HTMLFormElement): Promise<void> {
  sending(form, true);
  const fields = fieldsOf(form);
  const body = new FormData();
  fields.forEach(([name, value]) => (typeof value === "string" ? body.append(name, value) : body.append(name, value, "photo.jpg")));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.redirected) return location.assign(answer.url);
    show(await answer.text());
  } catch {
    await keep(form, fields);
  }
  sending(form, false);
}

/** Put the server's page, with its faults beside the fields, in place of this one. */
function show(html: string): void {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const main = one("#main", fresh);
  if (main) one("#main")?.replaceWith(main);
  startReport();
  one('[aria-invalid="true"], [role="alert"]')?.focus();
}

async function keep(form: HTMLFormElement, fields: [string, string | Blob][]): Promise<void> {
  const key = one<HTMLInputElement>("[name=idempotency_key]", form);
  const kind = one<HTMLInputElement>("input[name=kind]:checked", form);
  const named = one<HTMLInputElement>("[data-title]", form)?.value.trim();
  const title = named ?? kind?.parentElement?.firstChild?.nextSibling?.textContent?.trim() ?? "";
  const report = { key: key?.value ?? "", action: form.action, fields, title, since: Date.now() };
  if (!(await outbox.keep(report))) {
    toast(_("Too much waits to be sent. Find a network first."));
    return;
  }
  unsent.value = await outbox.waiting();
  toast(_("Kept. It is sent as soon as there is a network."));
  form.reset();
  photos.value = [];
  takeKey(form);
}

/** Send what was kept: at start, when the network or the person comes back. */
export async function flushReports(): Promise<void> {
  await navigator.locks?.request("outbox", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await outbox.flush(outbox.post, (report, outcome) => {
      if (outcome === "sent") toast(_("Sent: %(title)s", { title: report.title }));
      else if (outcome === "refused") toast(_("Not accepted: %(title)s. Report it again.", { title: report.title }));
      else toast(_("Too old, not sent: %(title)s", { title: report.title }));
    });
  });
  unsent.value = await outbox.waiting();
}
