// A written answer: counted, and kept in this tab at every key until it is handed in.
import { $, setText } from "../dom.js";
import { count, t } from "../words.js";

export class WrittenAnswer {
  #store;
  #key = "";

  constructor(store) {
    this.#store = store;
    $("question-text").addEventListener("input", () => {
      this.#store.set(this.#key, this.text);
      this.draw();
    });
  }

  get text() {
    return $("question-text").value;
  }

  open({ questionId, attempt }) {
    this.#key = `draft:${questionId}:${attempt}`;
    $("question-text").value = this.#store.get(this.#key, "");
    $("question-text").readOnly = false;
    this.draw();
  }

  close() {
    $("question-text").readOnly = true;
  }

  /** It has arrived: nothing of it stays here. */
  forget() {
    this.#store.set(this.#key, undefined);
  }

  draw() {
    setText($("question-count"), countWords(this.text));
  }
}

/** Chinese is counted in characters, everything else in words. */
function countWords(text) {
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[^\s\p{Script=Han}\p{P}]+/gu)?.length ?? 0;
  return characters > words ? t("written.count.zh", { n: characters + words }) : count("written.count", words);
}
