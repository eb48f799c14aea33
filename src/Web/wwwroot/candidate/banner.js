// The message above everything: the connection is lost, is back, is poor.
import { clock, onLanguage, t } from "../words.js";
import { setText, show } from "../dom.js";

const backShownMs = 6000;
const poorPercent = 8; // Below it, what is lost comes again in time for the live caption; above it, the candidate should know.

export class Banner {
  /** Set by the questions: until when all is safe, and whether an answer is being given. */
  safeMs = 0;
  isAnswering = false;

  #element;
  #connection = null;
  #wasLost = false;
  #timer = 0;
  #text = () => "";

  constructor(element) {
    this.#element = element;
    onLanguage(() => setText(this.#element, this.#text()));
    addEventListener("offline", () => this.#connectionChanged());
  }

  watch(connection) {
    this.#connection = connection;
    connection.addEventListener("change", () => this.#connectionChanged());
  }

  /** Loss of the last second, as the server counts it. */
  reportLoss(percent) {
    if (this.#connection?.isConnected && !this.#wasLost && percent >= poorPercent)
      this.#say("poor", () => t("banner.poor", { loss: Math.round(percent) }), backShownMs);
  }

  hide() {
    clearTimeout(this.#timer);
    show(this.#element, false);
  }

  #connectionChanged() {
    const { state, problem } = this.#connection ?? {};
    const time = clock(this.safeMs);
    if (state === "lost") {
      this.#wasLost = true;
      const key = !navigator.onLine ? "banner.offline" : this.isAnswering ? "banner.lostAnswer" : "banner.lost";
      this.#say("lost", () => t(key, { time }));
    } else if (state === "full") {
      this.#wasLost = true;
      const key = problem?.type === "restarting" ? "banner.restarting" : "banner.full";
      this.#say("lost", () => t(key, { seconds: Math.ceil(problem?.retryAfterSeconds || 5) }));
    } else if (state === "refused") {
      this.#say("lost", () => problem?.message ?? "");
    } else if (state === "connected" && this.#wasLost) {
      this.#wasLost = false;
      const key = this.isAnswering ? "banner.back" : "banner.backIdle";
      this.#say("back", () => t(key), backShownMs);
    } else if (state === "closed") {
      this.hide();
    }
  }

  #say(kind, text, forMs = 0) {
    clearTimeout(this.#timer);
    this.#text = text;
    this.#element.className = `banner ${kind}`;
    show(this.#element, true);
    setText(this.#element, text());
    if (forMs > 0)
      this.#timer = setTimeout(() => this.hide(), forMs);
  }
}
