// What happens at doors now, the latest first. A page that was away asks what it missed; one that is too slow is told how much it did not get.
import { announce } from "../../announcer.js";
import { $, setText, show } from "../../dom.js";
import { count, onLanguage, t } from "../../words.js";
import { decisionCard, isAboutSomebody, whoOf, wordOfMark } from "./decision-card.js";

// As many as somebody scrolls through.
const mostShown = 60;

// A browser connects again by itself where the network broke, and not where it was answered something else: by a proxy whose server restarts, or by a server that has too many requests.
const againMs = 5000;

export class NowView {
  #api;
  #thresholdOf;
  #events = new Map(); // By id.
  #cards = new Map();
  #source = null;
  #again = 0;
  #isLost = false;
  #isLoaded = false;
  #missed = 0;

  /** <thresholdOf>: the least similarity at a device, by its id. */
  constructor(api, thresholdOf) {
    this.#api = api;
    this.#thresholdOf = thresholdOf;
    onLanguage(() => this.#redraw());
  }

  /** Also when another site was chosen. */
  start() {
    this.#events.clear();
    this.#isLoaded = false;
    this.#missed = 0;
    this.#redraw();
    this.#listen();
  }

  /** Until start(). */
  stop() {
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
    this.#isLost = true;
    this.#drawState();
  }

  #listen() {
    clearTimeout(this.#again);
    this.#source?.close();
    const source = this.#api.stream();
    this.#source = source;
    // Listening already, so that nothing falls between what is read and what is heard.
    source.addEventListener("open", () => void this.#catchUp(source));
    source.addEventListener("events", (event) => this.#hear(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      if (source !== this.#source)
        return;
      this.#isLost = true;
      this.#drawState();
      if (source.readyState === EventSource.CLOSED)
        this.#again = setTimeout(() => this.#listen(), againMs);
    });
  }

  /** Names of devices or settings have changed. */
  refresh() {
    this.#redraw();
  }

  async #catchUp(source) {
    this.#isLost = false;
    try {
      const { events } = await this.#api.events({ count: mostShown });
      // Another site's by now, or nobody listens.
      if (source !== this.#source)
        return;
      this.#take(events);
      this.#isLoaded = true;
    } catch {
      if (source !== this.#source)
        return;
      this.#isLost = true;
    }

    this.#drawState();
  }

  #hear({ lost, events }) {
    this.#missed += lost;
    this.#take(events);
    this.#isLoaded = true;
    this.#drawState();
    const latest = events.at(-1);
    if (latest && $("now-aloud").checked)
      announce(isAboutSomebody(latest) ? t("doors.now.said", { who: whoOf(latest), what: wordOfMark(latest), where: latest.device }) : `${wordOfMark(latest)}, ${latest.device}`);
  }

  #take(events) {
    for (const event of events)
      this.#events.set(event.id, event);
    const kept = [...this.#events.values()].sort((a, b) => b.id - a.id).slice(0, mostShown);
    this.#events = new Map(kept.map((event) => [event.id, event]));
    this.#draw();
  }

  #redraw() {
    for (const card of this.#cards.values())
      card.remove();
    this.#cards.clear();
    this.#draw();
    this.#drawState();
  }

  #draw() {
    const list = $("now-list");
    for (const [id, card] of this.#cards) {
      if (!this.#events.has(id)) {
        card.remove();
        this.#cards.delete(id);
      }
    }

    // From the oldest up: each goes before those that are there.
    for (const event of [...this.#events.values()].sort((a, b) => a.id - b.id)) {
      if (this.#cards.has(event.id))
        continue;
      const card = decisionCard(event, this.#thresholdOf);
      this.#cards.set(event.id, card);
      const below = [...this.#cards.keys()].filter((id) => id < event.id).sort((a, b) => b - a)[0];
      list.insertBefore(card, below === undefined ? null : this.#cards.get(below));
    }
  }

  #drawState() {
    const state = this.#isLost ? t("doors.now.lost") : !this.#isLoaded ? t("live.connecting") : this.#missed > 0 ? count("doors.now.missed", this.#missed) : t("doors.now.live");
    setText($("now-state"), state);
    $("now-state").classList.toggle("lost", this.#isLost);
    show($("now-empty"), this.#isLoaded && this.#events.size === 0);
  }
}
