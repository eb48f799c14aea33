// The interviews that run now: one card each, brought up to date every second by the server. Nothing is kept.
import { $, make, setText, show } from "../dom.js";
import { clock, count, has, onLanguage, speak, t, wireLanguageSwitch } from "../words.js";

const floorDbfs = -60;

class LiveView {
  #cards = new Map();
  #lines = null; // Null until the first word of the server.
  #isLost = false;

  async start() {
    wireLanguageSwitch();
    await speak(document.documentElement.lang);
    onLanguage(() => this.#draw());
    const source = new EventSource(`${location.pathname.replace(/\/$/, "")}/events`);
    source.addEventListener("interviews", (event) => {
      this.#lines = JSON.parse(event.data);
      this.#isLost = false;
      this.#draw();
    });
    source.addEventListener("error", () => {
      this.#isLost = true;
      this.#draw();
    });
    this.#draw();
  }

  #draw() {
    const lines = this.#lines ?? [];
    const state = $("live-state");
    state.classList.toggle("lost", this.#isLost);
    setText(state, this.#isLost ? t("live.lost") : this.#lines === null ? t("live.connecting") : lines.length > 0 ? count("live.count", lines.length) : "");
    show($("live-empty"), this.#lines !== null && lines.length === 0);
    for (const [id, card] of this.#cards) {
      if (!lines.some((line) => line.id === id)) {
        card.element.remove();
        this.#cards.delete(id);
      }
    }

    for (const line of lines) {
      let card = this.#cards.get(line.id);
      if (!card) {
        card = new LiveCard(line.id);
        this.#cards.set(line.id, card);
        $("live-cards").append(card.element);
      }

      card.draw(line);
    }
  }
}

class LiveCard {
  #title = make("h2");
  #state = make("span", { class: "state" });
  #where = make("p", { class: "muted small" });
  #bar = make("span");
  #meter = make("div", { class: "meter", role: "meter", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 }, this.#bar);
  #caption = make("p", { class: "caption" });
  #signs = make("ul", { class: "signs" });
  #safe = make("span");
  #loss = make("span");
  #transport = make("span");

  constructor(id) {
    this.#title.id = `live-${id}`;
    this.element = make("li", { class: "card live-card", "aria-labelledby": this.#title.id },
      make("header", {}, this.#title, this.#state), this.#where, this.#meter, this.#caption, this.#signs, make("p", { class: "facts" }, this.#safe, this.#loss, this.#transport));
  }

  draw(line) {
    setText(this.#title, line.reference ? t("live.candidate", { reference: line.reference }) : line.id.slice(0, 8));
    const isAway = line.state === "running" && !line.connected;
    this.#state.className = `state ${isAway ? "away" : line.state}`;
    setText(this.#state, isAway ? t("live.disconnected") : t(`live.state.${line.state}`));
    setText(this.#where, `${line.plan} · ${line.question ?? line.stage ?? t("live.between")}`);
    const share = line.levelDbfs === null ? 0 : Math.min(1, Math.max(0, (line.levelDbfs - floorDbfs) / -floorDbfs));
    this.#bar.style.transform = `scaleX(${share.toFixed(3)})`;
    this.#meter.setAttribute("aria-label", t("live.level"));
    this.#meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    setText(this.#caption, line.caption ?? t("live.caption.none"));
    this.#caption.classList.toggle("muted", line.caption === null);
    const warnings = line.warnings.map((kind) => (has(`live.warning.${kind}`) ? t(`live.warning.${kind}`) : kind));
    if (this.#signs.dataset.shown !== warnings.join()) {
      this.#signs.dataset.shown = warnings.join();
      this.#signs.replaceChildren(...warnings.map((warning) => make("li", {}, warning)));
    }

    show(this.#signs, warnings.length > 0);
    setText(this.#safe, t("live.safe", { time: clock(line.safeMs) }));
    setText(this.#loss, line.lossPercent === null ? "" : t("live.loss", { loss: line.lossPercent.toFixed(line.lossPercent < 10 ? 1 : 0) }));
    setText(this.#transport, line.transport ?? "");
  }
}

await new LiveView().start();
