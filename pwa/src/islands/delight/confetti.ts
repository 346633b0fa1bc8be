import confetti from "canvas-confetti";

import { mayMove } from "../../lib/dom";

/* Scraps of cinnabar, gold and the winners' colour from both edges: eighty at most, once. Phones
   with little memory or a slow screen keep still. */
const EACH = 40;

/** Throw paper for what was won; `part` carries the colour of the side. */
export async function throwPaper(part: HTMLElement): Promise<void> {
  const memory = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
  if (!mayMove() || memory <= 2 || matchMedia("(update: slow)").matches) return;
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position:fixed;inset:0;z-index:9;width:100%;height:100%;pointer-events:none";
  canvas.setAttribute("aria-hidden", "true");
  document.body.append(canvas);
  // No worker: it would be made of a blob, which the site's policy forbids.
  const fire = confetti.create(canvas, { resize: true, useWorker: false, disableForReducedMotion: true });
  const style = getComputedStyle(part);
  const colors = ["--cinnabar", "--gold", "--side"].map((name) => hex(style.getPropertyValue(name))).filter(Boolean);
  const both = { particleCount: EACH, spread: 62, startVelocity: 46, scalar: 0.9, ticks: 160, shapes: ["square" as const], colors };
  await Promise.all([
    fire({ ...both, angle: 62, origin: { x: 0, y: 0.72 } }),
    fire({ ...both, angle: 118, origin: { x: 1, y: 0.72 } }),
  ]);
  canvas.remove();
}

/** A colour of the page, however it is written, as confetti wants it; "" for none. */
function hex(colour: string): string {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  if (!pen || !colour.trim()) return "";
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return `#${[...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}
