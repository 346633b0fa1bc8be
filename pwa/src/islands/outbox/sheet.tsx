import { signal } from "@preact/signals";
import { render } from "preact";

import { moment } from "../../lib/format";
import { _ } from "../../lib/i18n";
import { refused, unsent } from "../../lib/notices";
import { reachable } from "../../lib/reach";
import type { Waiting } from "../../lib/store";
import { dropForm, queue, sendQueue } from "./queue";

const sending = signal(false);
const said = signal("");
const dropping = signal(0);

/** The sheet of what waits: since when, why not, send it now, drop it. */
export function showQueue(): void {
  const sheet = document.createElement("dialog");
  sheet.className = "sheet";
  sheet.setAttribute("aria-labelledby", "queue-title");
  sheet.addEventListener("close", () => sheet.remove());
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  document.body.append(sheet);
  said.value = "";
  dropping.value = 0;
  render(<Queue close={() => sheet.close()} />, sheet);
  sheet.showModal();
}

async function sendNow(): Promise<void> {
  sending.value = true;
  said.value = "";
  if (await reachable()) await sendQueue();
  else said.value = _("No network. It is sent by itself as soon as there is one.");
  sending.value = false;
}

function Queue({ close }: { close: () => void }) {
  const waits = !!unsent.value;
  return (
    <div class="stack">
      <h2 id="queue-title">{waits ? _("Waiting to be sent") : refused.value ? _("Not taken by the server") : _("Nothing waits")}</h2>
      {!!queue.value.length && <ul class="rows">{queue.value.map((each) => <Row key={each.key} waiting={each} />)}</ul>}
      {said.value && <p class="notice refusal" role="alert">{said}</p>}
      {waits && <p class="hint">{_("It stays on this phone until it is sent, also after a sign-out, and is shown to nobody else.")}</p>}
      {waits && (
        <button type="button" class="button main-button" aria-busy={sending.value} disabled={sending.value} onClick={() => void sendNow()}>
          {sending.value ? _("Sending…") : _("Send now")}
        </button>
      )}
      <button type="button" class="button card-button" onClick={close}>{_("Close")}</button>
    </div>
  );
}

function Row({ waiting }: { waiting: Waiting }) {
  const isAsked = dropping.value === waiting.turn;
  return (
    <li class="row">
      <span class="row-title">{waiting.title}</span>
      <button
        type="button"
        class="row-end link"
        aria-label={_("Drop %(title)s", { title: waiting.title })}
        onClick={() => (isAsked ? void dropForm(waiting) : (dropping.value = waiting.turn ?? 0))}
      >
        {isAsked ? _("Really drop it") : _("Drop")}
      </button>
      <span class="row-under">
        {waiting.refused === undefined
          ? _("since %(when)s", { when: moment(waiting.since) })
          : <><span class="fault">{waiting.refused || _("The server did not accept it.")}</span> <a class="link" href={`${waiting.page}#again=${waiting.turn}`}>{_("Write it again")}</a></>}
      </span>
    </li>
  );
}
