import { all, one } from "../../lib/dom";
import { queue } from "./queue";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Put what the server did not take back into its form (`#again=` its turn), with the reason, so
 *  that it can be mended and sent once more. It leaves the queue when the mended one is in it. */
export function writeAgain(): void {
  const turn = Number(location.hash.replace("#again=", ""));
  const refused = queue.value.find((each) => each.turn === turn && each.refused !== undefined);
  const form = all<HTMLFormElement>("form[data-waits]").find((each) => each.action === refused?.action);
  if (!refused || !form) return;
  one<HTMLDialogElement>("dialog[open]")?.close();
  history.replaceState(history.state, "", location.pathname + location.search);
  form.dataset["again"] = String(turn);
  for (const field of all<Field>("input:not([type=hidden]), textarea, select", form)) {
    const values = refused.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    fill(field, values);
  }
  const said = document.createElement("p");
  said.className = "notice refusal";
  said.setAttribute("role", "alert");
  said.textContent = refused.refused ?? "";
  if (refused.refused) form.prepend(said);
}

function fill(field: Field, values: (string | Blob)[]): void {
  if (field.type === "file") {
    const carried = new DataTransfer();
    for (const value of values) if (value instanceof Blob) carried.items.add(new File([value], "photo.jpg", { type: value.type }));
    (field as HTMLInputElement).files = carried.files;
  } else if (field.type === "checkbox" || field.type === "radio") {
    (field as HTMLInputElement).checked = values.includes(field.value);
  } else {
    field.value = String(values[0] ?? "");
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (field.type !== "radio" || (field as HTMLInputElement).checked) field.dispatchEvent(new Event("change", { bubbles: true }));
}
