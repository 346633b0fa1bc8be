import { signal } from "@preact/signals";
import { render } from "preact";

import { all, one } from "../../lib/dom";
import { signed } from "../../lib/format";
import { _ } from "../../lib/i18n";
import { toast } from "../../lib/notices";
import { onFresh } from "../../lib/refresh";
import { shrink } from "./photos";

const PHOTOS_MOST = 3;
const photos = signal<{ blob: Blob; url: string }[]>([]);

/** A report form (an action or a lead): the photo tiles, what the chosen kind scores. */
export function startReport(): void {
  onFresh((part) => {
    const form = one<HTMLFormElement>("[data-report]", part);
    if (!form) return;
    startPhotos(form);
    for (const kind of all<HTMLInputElement>("input[name=kind]", form)) {
      kind.addEventListener("change", () => choose(form, kind.dataset));
    }
  });
}

function startPhotos(form: HTMLFormElement): void {
  const tiles = one("[data-photos]", form);
  const input = one<HTMLInputElement>("input[type=file]", form);
  if (!tiles || !input) return;
  const host = document.createElement("div");
  host.className = "photos-kept";
  tiles.prepend(host);
  render(<Photos input={input} />, host);
  // Photos may have been chosen while this was still on its way.
  if (input.files?.length) void add(input);
  else fill(input);
  input.addEventListener("change", () => void add(input));
  form.addEventListener("reset", () => (photos.value = []));
}

function Photos({ input }: { input: HTMLInputElement }) {
  return photos.value.map((photo, place) => (
    <button
      type="button"
      class="photo"
      key={photo.url}
      aria-label={_("Remove photo %(n)s", { n: place + 1 })}
      onClick={() => drop(photo.url, input)}
    >
      <img src={photo.url} alt="" />
    </button>
  ));
}

async function add(input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  const room = PHOTOS_MOST - photos.value.length;
  const small = await Promise.all(files.slice(0, room).map(shrink));
  photos.value = [...photos.value, ...small.map((blob) => ({ blob, url: URL.createObjectURL(blob) }))];
  fill(input);
  if (files.length > room) toast(_("%(n)s photos at most.", { n: PHOTOS_MOST }));
}

function drop(url: string, input: HTMLInputElement): void {
  URL.revokeObjectURL(url);
  photos.value = photos.value.filter((photo) => photo.url !== url);
  fill(input);
}

/** The field holds exactly the photos that are shown, each made small. */
function fill(input: HTMLInputElement): void {
  const carried = new DataTransfer();
  for (const { blob } of photos.value) carried.items.add(new File([blob], "photo.jpg", { type: blob.type }));
  input.files = carried.files;
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
