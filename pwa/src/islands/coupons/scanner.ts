import { one } from "../../lib/dom";
import { _ } from "../../lib/i18n";
import { type Found, destination } from "./codes";
import { type Detector, detector } from "./detector";

const EVERY_MS = 120;
const WAS_OPEN = "scanner";

/** The camera of a till: it looks for a code until it has one, lets go of the camera whenever the
 *  page is hidden, and takes it again. */
class Scanner {
  private readonly view: HTMLVideoElement | undefined;
  private stream: MediaStream | undefined;
  private wanted = false;
  private timer = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly onFound: (found: NonNullable<Found>) => void,
  ) {
    this.view = one("[data-scanner-view]", root);
    one("[data-scanner-open]", root)?.addEventListener("click", () => void this.open());
    one("[data-scanner-light]")?.addEventListener("click", () => void this.light());
    const photo = one<HTMLInputElement>("[data-scanner-photo]");
    photo?.addEventListener("change", () => void this.read(photo));
    // It may have been chosen while this was still on its way.
    if (photo?.files?.length) void this.read(photo);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.close();
      else if (this.wanted) void this.open();
    });
    addEventListener("pagehide", () => this.close());
  }

  async open(): Promise<void> {
    if (this.stream || !this.view) return;
    this.wanted = true;
    this.say("");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } },
      });
    } catch {
      this.wanted = false;
      this.say(_("The camera can't be used. Choose a photo, or type the code."));
      return;
    }
    sessionStorage.setItem(WAS_OPEN, "yes");
    this.root.dataset["open"] = "yes";
    this.view.hidden = false;
    this.view.srcObject = this.stream;
    this.showLight();
    await this.view.play().catch(() => undefined);
    await this.look(await detector());
  }

  close(): void {
    clearTimeout(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = undefined;
    delete this.root.dataset["open"];
    if (this.view) this.view.hidden = true;
  }

  private async look(eye: Detector): Promise<void> {
    if (!this.stream || !this.view) return;
    const seen = this.view.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await eye.detect(this.view).catch(() => []) : [];
    if (this.stream && !this.take(seen)) this.timer = window.setTimeout(() => void this.look(eye), EVERY_MS);
  }

  private async read(photo: HTMLInputElement): Promise<void> {
    const file = photo.files?.[0];
    photo.value = "";
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      if (!this.take(await (await detector()).detect(picture))) this.say(_("No code was found in this photo. Take it again, closer."));
    } catch {
      this.say(_("No code was found in this photo. Take it again, closer."));
    }
  }

  private take(seen: { rawValue: string }[]): boolean {
    for (const { rawValue } of seen) {
      const found = destination(rawValue, location.host);
      if (found) {
        this.wanted = false;
        this.close();
        navigator.vibrate?.(40);
        this.onFound(found);
        return true;
      }
      this.say(_("This is not one of our codes. Scan the customer's ticket."));
    }
    return false;
  }

  private showLight(): void {
    const button = one<HTMLButtonElement>("[data-scanner-light]");
    const can = this.stream?.getVideoTracks()[0]?.getCapabilities?.() as { torch?: boolean } | undefined;
    if (button) button.hidden = !can?.torch;
  }

  private async light(): Promise<void> {
    const track = this.stream?.getVideoTracks()[0];
    const on = !(track?.getSettings() as { torch?: boolean } | undefined)?.torch;
    await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).catch(() => undefined);
  }

  private say(words: string): void {
    const said = one("[data-scanner-said]", this.root);
    if (said && said.textContent !== words) said.textContent = words;
  }
}

/** Start the scanner of a page; where the camera was allowed before, it opens by itself. */
export async function startScanner(root: HTMLElement, onFound: (found: NonNullable<Found>) => void): Promise<void> {
  const scanner = new Scanner(root, onFound);
  if (sessionStorage.getItem(WAS_OPEN) || (await isAllowed())) await scanner.open();
}

/* Old web views know no such permission: there a tap opens the camera, as the first time. */
async function isAllowed(): Promise<boolean> {
  const asked = await navigator.permissions?.query({ name: "camera" as PermissionName }).catch(() => undefined);
  return asked?.state === "granted";
}
