// What happened, searched; and the same as a table to take away.
import { $, make, setText, show } from "../../dom.js";
import { count, onLanguage, t } from "../../words.js";
import { doorOf, isAboutSomebody, markOf, whoOf, wordOfMark, wordOfMethod } from "./decision-card.js";
import { nameOf } from "./device-card.js";
import { run } from "./dialogs.js";
import { icon } from "./icons.js";
import { allZones, currentZone, dateTime } from "./times.js";

const pageSize = 50;
const kinds = ["access", "attendance", "door", "alarm", "device", "sensor"];
const outcomes = ["granted", "denied", "not-recognised", "spoof", "timed-out", "not-assessed"];

export class EventsView {
  #api;
  #events = [];
  #next = null;
  #asked = null; // The filter of what is shown: times are told in its zone, and "more" is more of it.
  #hasSearched = false;
  #searches = 0; // Which search is the latest: an answer may come when another site is shown.

  constructor(api) {
    this.#api = api;
    $("events-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#search(event.submitter);
    });
    $("events-form").addEventListener("input", () => this.#drawExport());
    $("events-more").addEventListener("click", (event) => void this.#more(event.currentTarget));
    onLanguage(() => {
      this.#drawChoices();
      this.#draw();
    });
    this.#drawChoices();
  }

  /** The site's devices and zone are known. */
  setDevices(devices) {
    this.#choose("events-device", [["", t("doors.events.any")], ...devices.map((device) => [device.id, nameOf(device)])]);
    if ($("events-zone").options.length === 0)
      this.#choose("events-zone", allZones().map((zone) => [zone, zone]));
    this.#drawExport();
  }

  /** The tab was opened: what happened since the last time belongs there too. Who has leafed on keeps the place. */
  async enter() {
    if (this.#events.length <= pageSize)
      await this.#search(null);
  }

  /** Another site. */
  reset() {
    this.#searches++;
    this.#hasSearched = false;
    this.#events = [];
    this.#next = null;
    this.#draw();
  }

  get #filter() {
    return {
      from: $("events-from").value, to: $("events-to").value, zone: $("events-zone").value || currentZone(), device: $("events-device").value,
      person: $("events-person").value.trim(), kind: $("events-kind").value, outcome: $("events-outcome").value,
    };
  }

  async #search(button) {
    this.#hasSearched = true;
    const filter = this.#filter;
    const search = ++this.#searches;
    await run(button, "events-error", async () => {
      const page = await this.#api.events({ ...filter, count: pageSize });
      if (search !== this.#searches)
        return;
      this.#asked = filter;
      this.#events = page.events;
      this.#next = page.next;
      this.#draw();
    }, () => search === this.#searches);
  }

  async #more(button) {
    // More of these, and of no others that took their place meanwhile.
    const before = this.#events;
    await run(button, "events-error", async () => {
      const page = await this.#api.events({ ...this.#asked, count: pageSize, before: this.#next });
      if (this.#events !== before)
        return;
      this.#events = [...before, ...page.events];
      this.#next = page.next;
      this.#draw();
      $("events-rows").children[before.length]?.focus();
    }, () => this.#events === before);
  }

  #drawChoices() {
    this.#choose("events-kind", [["", t("doors.events.any")], ...kinds.map((kind) => [kind, t(`doors.kind.${kind}`)])]);
    this.#choose("events-outcome", [["", t("doors.events.any")], ...outcomes.map((outcome) => [outcome, t(`doors.outcome.${outcome}`)])]);
    if ($("events-device").options.length > 0)
      setText($("events-device").options[0], t("doors.events.any"));
  }

  #choose(id, choices) {
    const select = $(id);
    const key = JSON.stringify(choices);
    if (select.dataset.shown === key)
      return;
    const chosen = select.value;
    select.dataset.shown = key;
    select.replaceChildren(...choices.map(([value, words]) => make("option", { value }, words)));
    select.value = choices.some(([value]) => value === chosen) ? chosen : choices[0]?.[0] ?? "";
  }

  #drawExport() {
    $("events-export").href = this.#api.exportAddress(this.#filter);
  }

  #draw() {
    this.#drawExport();
    show($("events-table"), this.#events.length > 0);
    show($("events-more"), this.#next !== null);
    setText($("events-count"), !this.#hasSearched ? "" : this.#events.length === 0 ? t("doors.events.none") : count(this.#next === null ? "doors.events.all" : "doors.events.shown", this.#events.length));
    $("events-rows").replaceChildren(...this.#events.map((event) => rowOf(event, this.#asked.zone)));
  }
}

function rowOf(event, zone) {
  // One child, beside its label where the table is a list; none, and it is left out there.
  const cell = (key, ...content) => {
    const given = content.filter(Boolean);
    return make("td", { "data-label": t(key) }, given.length > 0 ? make("span", {}, ...given) : null);
  };
  const mark = markOf(event);
  const picture = event.picture ? make("a", { href: event.picture, target: "_blank" }, make("img", { class: "thumb", src: event.picture, alt: t("doors.picture.alt", { who: whoOf(event) }), loading: "lazy" })) : null;
  const sure = [
    event.method ? wordOfMethod(event.method) : null,
    event.similarity === null ? null : `${t("doors.similarity")} ${event.similarity.toFixed(2)}`,
    event.liveness === null ? null : `${t("doors.alive")} ${event.liveness.toFixed(2)}`,
  ].filter(Boolean).join(" · ");
  return make("tr", { tabindex: "-1" },
    cell("doors.events.time", make("time", { datetime: event.occurredAt }, dateTime(event.occurredAt, zone))),
    cell("doors.events.who", picture, isAboutSomebody(event) ? whoOf(event) : null),
    cell("doors.events.where", [event.device, doorOf(event)].filter(Boolean).join(" · ")),
    cell("doors.events.what", make("span", { class: `mark ${mark}` }, icon(mark), wordOfMark(event))),
    cell("doors.events.how", sure),
    // A device's own number says something where it has no words and nothing was decided.
    cell("doors.events.why", event.reason || (isAboutSomebody(event) ? null : event.code)));
}
