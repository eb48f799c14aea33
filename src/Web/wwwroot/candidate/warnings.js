// What the candidate can mend now, in plain words, for as long as it is news.
import { make } from "../dom.js";
import { has, t } from "../words.js";

const shownMs = 12_000;

export class WarningList {
  #element;
  #timers = new Map();
  #drawn = "";

  constructor(element) {
    this.#element = element;
  }

  add(kind) {
    if (!has(`warning.${kind}`))
      return;
    clearTimeout(this.#timers.get(kind));
    this.#timers.set(kind, setTimeout(() => {
      this.#timers.delete(kind);
      this.draw();
    }, shownMs));
    this.draw();
  }

  clear() {
    for (const timer of this.#timers.values())
      clearTimeout(timer);
    this.#timers.clear();
    this.draw();
  }

  draw() {
    const texts = [...this.#timers.keys()].map((kind) => t(`warning.${kind}`));
    if (this.#drawn === texts.join())
      return; // It is a live region: drawn again, it would be read again.
    this.#drawn = texts.join();
    this.#element.replaceChildren(...texts.map((text) => make("li", {}, text)));
  }
}
