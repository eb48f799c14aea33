// The time that an answer has left: counted here between two words of the server, whose clock decides.
import { clock, duration, t } from "../words.js";
import { announce, interrupt } from "../announcer.js";
import { setText } from "../dom.js";

// Often enough to plan by, seldom enough not to talk into the answer.
const spokenAtSeconds = [600, 300, 60, 30, 10];
const tickMs = 200;

export class Countdown {
  #element;
  #onEnd;
  #timer = 0;
  #endsAt = 0;
  #heldSeconds = null;
  #next = [];

  constructor(element, onEnd) {
    this.#element = element;
    this.#onEnd = onEnd;
  }

  get isRunning() {
    return this.#timer !== 0;
  }

  get secondsLeft() {
    return this.#heldSeconds ?? Math.max(0, (this.#endsAt - performance.now()) / 1000);
  }

  start(seconds) {
    this.stop();
    this.#endsAt = performance.now() + seconds * 1000;
    // Those that are over (a page loaded again) or at the very start are not said.
    this.#next = spokenAtSeconds.filter((at) => at < seconds - 1);
    this.#element.hidden = false;
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#tick();
  }

  /** The server's clock waits while no sound arrives; so does this one. */
  hold() {
    if (this.isRunning)
      this.#heldSeconds ??= this.secondsLeft;
    this.#draw();
  }

  /** <seconds>: as the server says. */
  resume(seconds) {
    if (!this.isRunning)
      return;
    this.#endsAt = performance.now() + seconds * 1000;
    this.#heldSeconds = null;
    this.#draw();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#heldSeconds = null;
    this.#element.hidden = true;
  }

  #tick() {
    this.#draw();
    if (this.#heldSeconds !== null)
      return;
    const left = this.secondsLeft;
    while (this.#next.length > 0 && left <= this.#next[0]) {
      const at = this.#next.shift();
      (at <= 10 ? interrupt : announce)(t("question.left.spoken", { time: duration(at) }));
    }

    if (left <= 0) {
      this.stop();
      this.#onEnd();
    }
  }

  #draw() {
    const left = this.secondsLeft;
    setText(this.#element, clock(Math.ceil(left) * 1000));
    this.#element.classList.toggle("soon", left <= 10);
    this.#element.classList.toggle("held", this.#heldSeconds !== null);
    this.#element.setAttribute("aria-label", t("question.left", { time: duration(left) }));
  }
}
