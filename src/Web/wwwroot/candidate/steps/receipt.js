// What was recorded, what was not, and what happens now.
import { $, make, setText } from "../../dom.js";
import { clock, count, currentLanguage, duration, t } from "../../words.js";
import { persist } from "../api.js";
import { reasonText } from "./consent.js";

export class ReceiptStep {
  #page;
  #receipt = null;

  constructor(page) {
    this.#page = page;
    $("receipt-print").addEventListener("click", () => print());
  }

  enter() {
    this.#page.banner.hide();
    this.#page.connection?.close();
    this.#page.media?.close();
    setText($("receipt-lead"), t("receipt.finishing"));
    void this.#load();
  }

  draw() {
    void this.#load();
  }

  async #load() {
    try {
      this.#receipt = await persist(() => this.#page.api.receipt(currentLanguage()));
    } catch (problem) {
      setText($("receipt-lead"), t("question.error", { reason: problem.message }));
      return;
    }

    this.#drawReceipt();
  }

  #drawReceipt() {
    const { interviewId, startedAt, endedAt, recordedMs, recorded, answers, contact } = this.#receipt;
    setText($("receipt-lead"), t("receipt.lead"));
    const figures = [
      ["receipt.when", period(startedAt, endedAt)],
      ["receipt.length", recordedMs > 0 ? clock(recordedMs) : ""],
      ["receipt.id", interviewId],
    ];
    $("receipt-figures").replaceChildren(...figures.filter(([, value]) => value).map(([key, value]) => make("div", {}, make("dt", {}, t(key)), make("dd", {}, value))));
    $("receipt-answers").replaceChildren(...answers.map(drawAnswer));
    list($("receipt-taken"), recorded.filter((line) => line.recorded).map((line) => [t(`modality.${line.modality}`), null]));
    list($("receipt-not-taken"), recorded.filter((line) => !line.recorded).map((line) => [t(`modality.${line.modality}`), notTaken(line.reason)]));
    if (contact)
      setText($("receipt-contact"), contact);
    else if (!$("receipt-contact").textContent)
      setText($("receipt-contact"), t("receipt.contact.none"));
  }
}

function notTaken(reason) {
  if (!reason)
    return null;
  return reason === "no consent" ? t("receipt.reason.consent") : reasonText(reason.replace(/^policy [\w-]+: /, ""));
}

function drawAnswer(answer) {
  const facts = !answer.answered
    ? [t("receipt.notAnswered")]
    : [answer.writtenCharacters !== null ? t("receipt.answered.written", { words: count("characters", answer.writtenCharacters) }) : t("receipt.answered.spoken", { time: duration(answer.seconds ?? 0) })];
  if (answer.attempts > 1)
    facts.push(t("receipt.takes", { n: answer.attempts }));
  return make("li", {}, make("p", { class: "asked" }, answer.text), make("p", { class: answer.answered ? "muted" : "not" }, `${t(`mode.${answer.mode}`)} · ${facts.join(" · ")}`));
}

function list(element, lines) {
  element.replaceChildren(...(lines.length > 0 ? lines : [[t("receipt.none"), null]]).map(([name, reason]) =>
    make("li", {}, make("strong", {}, name), reason ? make("span", { class: "muted" }, ` – ${reason}`) : null)));
}

function period(startedAt, endedAt) {
  if (!startedAt)
    return "";
  const format = new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "long", timeStyle: "short" });
  return endedAt ? format.formatRange(new Date(startedAt), new Date(endedAt)) : format.format(new Date(startedAt));
}
