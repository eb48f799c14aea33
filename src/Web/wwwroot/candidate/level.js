// Loudness of a track, for a meter and in words.
import { t } from "../words.js";

const drawMs = 66;
const readMs = 1500; // A screen reader is told the value this often, not fifteen times a second.
const floorDbfs = -60;

let context = null;

/** Sounds can be measured only after the candidate has done something on the page; any click or key will do. */
function audioContext() {
  context ??= new AudioContext();
  if (context.state === "suspended") {
    void context.resume();
    for (const gesture of ["pointerdown", "keydown"])
      addEventListener(gesture, () => void context.resume(), { once: true });
  }

  return context;
}

export class LevelMeter {
  #element;
  #timer = 0;
  #source = null;
  #listener;

  /** <listener> gets the level in dBFS at every drawing. */
  constructor(element, listener = () => {}) {
    this.#element = element;
    this.#listener = listener;
  }

  start(track) {
    this.stop();
    if (!track)
      return;
    const audio = audioContext();
    this.#source = audio.createMediaStreamSource(new MediaStream([track]));
    const analyser = audio.createAnalyser();
    analyser.fftSize = 2048;
    this.#source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    // A meter that cannot measure yet would look like a microphone that hears nothing.
    const reveal = () => {
      this.#element.hidden = audio.state !== "running";
    };
    audio.onstatechange = reveal;
    reveal();
    const bar = this.#element.firstElementChild;
    let shown = floorDbfs;
    let readAt = 0;
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const level = Math.max(floorDbfs, 10 * Math.log10(power + 1e-12));
      shown = Math.max(level, shown - 2); // Falls slowly, as needles do.
      const share = Math.min(1, (shown - floorDbfs) / -floorDbfs);
      bar.style.transform = `scaleX(${share.toFixed(3)})`;
      this.#element.classList.toggle("loud", level > -6);
      if (performance.now() - readAt > readMs) {
        readAt = performance.now();
        this.#element.setAttribute("aria-valuenow", String(Math.round(share * 100)));
        this.#element.setAttribute("aria-valuetext", `${Math.round(share * 100)} %`);
      }

      this.#listener(level);
    }, drawMs);
  }

  stop() {
    clearInterval(this.#timer);
    this.#source?.disconnect();
    this.#source = null;
    this.#element.firstElementChild.style.transform = "scaleX(0)";
  }
}

/** What a run of levels says about a microphone: the loudest second counts, because people pause. */
export class MicrophoneVerdict {
  #loudest = floorDbfs;
  #clipped = 0;

  add(level) {
    this.#loudest = Math.max(level, this.#loudest - 0.05);
    this.#clipped = level > -3 ? this.#clipped + 1 : Math.max(0, this.#clipped - 0.05);
  }

  get key() {
    if (this.#clipped > 4)
      return "loud";
    return this.#loudest > -35 ? "ok" : this.#loudest > -48 ? "quiet" : "say";
  }

  get text() {
    return t(`devices.microphone.${this.key}`);
  }
}
