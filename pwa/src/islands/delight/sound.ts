import type { Feeling } from "../../lib/delight";

/* A drum, made on the spot: a skin whose pitch falls, and the short noise of the stick. Each beat is
   [after ms, from Hz, to Hz, loudness, seconds]. */
type Beat = [number, number, number, number, number];
const BEATS: Record<Feeling, Beat[]> = {
  tap: [[0, 520, 380, 0.25, 0.07]],
  lead: [[0, 190, 80, 0.5, 0.22]],
  badge: [[240, 120, 48, 0.7, 0.3]],
  win: [[0, 150, 60, 0.6, 0.25], [220, 150, 60, 0.6, 0.25], [440, 110, 42, 0.9, 0.6]],
};
let audio: AudioContext | undefined;

/** Play what belongs to a change. Browsers stay silent until the person has touched the page. */
export async function play(what: Feeling): Promise<void> {
  audio ??= new AudioContext();
  if (audio.state !== "running" && !navigator.userActivation?.hasBeenActive) return;
  await audio.resume();
  for (const beat of BEATS[what]) strike(audio, beat);
}

function strike(on: AudioContext, [after, from, to, loud, seconds]: Beat): void {
  const at = on.currentTime + after / 1000;
  const gain = on.createGain();
  gain.gain.setValueAtTime(loud, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  gain.connect(on.destination);
  const skin = on.createOscillator();
  skin.frequency.setValueAtTime(from, at);
  skin.frequency.exponentialRampToValueAtTime(to, at + seconds);
  skin.connect(gain);
  skin.start(at);
  skin.stop(at + seconds);
  const noise = on.createBuffer(1, Math.round(on.sampleRate * 0.02), on.sampleRate);
  noise.getChannelData(0).forEach((_, place, samples) => (samples[place] = (Math.random() - 0.5) * 0.6));
  const stick = on.createBufferSource();
  stick.buffer = noise;
  stick.connect(gain);
  stick.start(at);
}
