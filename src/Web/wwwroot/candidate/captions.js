// What the machine hears, while it hears it. Switchable: some are helped by it, some are disturbed.
import { $, setText, show } from "../dom.js";
import { t } from "../words.js";

const shownCharacters = 240; // Three lines on a phone: what was just said, not the whole answer.

export class Captions {
  #store;
  #text = "";
  #isOffered = false;

  constructor(store) {
    this.#store = store;
    const on = $("captions-on");
    on.checked = store.get("captions", true);
    on.addEventListener("change", () => {
      store.set("captions", on.checked);
      this.draw();
    });
  }

  /** Offered where speech is written down at all. */
  offer(isOffered, language) {
    this.#isOffered = isOffered;
    this.#text = "";
    $("captions-text").lang = language;
    this.draw();
  }

  add(text) {
    const joined = this.#text ? `${this.#text} ${text}` : text;
    this.#text = joined.length > shownCharacters ? `…${joined.slice(-shownCharacters).replace(/^\S*\s/, "")}` : joined;
    this.draw();
  }

  draw() {
    show($("question-captions"), this.#isOffered);
    show($("captions-text"), $("captions-on").checked);
    setText($("captions-text"), this.#text || t("captions.waiting"));
    $("captions-text").classList.toggle("muted", this.#text === "");
  }
}
