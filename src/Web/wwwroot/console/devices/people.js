// The people whom doors may know: who they are, what they agreed to, whether a face is enrolled.
import { announce } from "../../announcer.js";
import { $, make, setText, show } from "../../dom.js";
import { count, onLanguage, t } from "../../words.js";
import { run } from "./dialogs.js";
import { icon } from "./icons.js";
import { day } from "./times.js";

const pageSize = 50;
const typingMs = 250;

export class PeopleView {
  #page;
  #people = [];
  #next = null;
  #found = 0;
  #isLoaded = false;
  #typing = 0;
  #asked = 0; // Which question is the latest: answers may overtake each other while somebody types, or come when another site is shown.

  constructor(page) {
    this.#page = page;
    $("people-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#add(event.submitter);
    });
    $("people-search").addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => void this.load(), typingMs);
    });
    $("people-more").addEventListener("click", (event) => void this.#more(event.currentTarget));
    onLanguage(() => this.#draw());
  }

  async enter() {
    if (!this.#isLoaded)
      await this.load();
  }

  /** Another site. */
  reset() {
    this.#asked++;
    this.#isLoaded = false;
    this.#people = [];
    this.#next = null;
    this.#draw();
  }

  async load() {
    const asked = ++this.#asked;
    await run(null, "people-error", async () => {
      const answer = await this.#page.api.people({ q: $("people-search").value.trim(), count: Math.max(pageSize, this.#people.length) });
      if (asked === this.#asked)
        this.#take(answer, []);
    }, () => asked === this.#asked);
  }

  async #more(button) {
    // More of this list, and of no other that took its place meanwhile.
    const before = this.#people;
    await run(button, "people-error", async () => {
      const answer = await this.#page.api.people({ q: $("people-search").value.trim(), after: this.#next, count: pageSize });
      if (this.#people === before)
        this.#take(answer, before);
    }, () => this.#people === before);
  }

  #take({ people, next, found }, before) {
    this.#people = [...before, ...people];
    this.#next = next;
    this.#found = found;
    this.#isLoaded = true;
    this.#draw();
  }

  async #add(button) {
    const { site } = this.#page.api;
    const person = { number: $("person-number").value.trim(), name: $("person-name").value.trim() };
    let added = null;
    const done = await run(button, "people-form-error", async () => {
      added = await this.#page.api.setPerson(person);
    });
    if (!done)
      return;
    $("people-form").reset();
    announce(t("doors.people.added", { name: added.name }));
    await this.load();
    // Whoever has this number at another site is somebody else.
    if (this.#page.api.site === site)
      this.#page.enrol(added);
  }

  #draw() {
    show($("people-empty"), this.#isLoaded && this.#people.length === 0 && $("people-search").value.trim() === "");
    show($("people-more"), this.#next !== null);
    setText($("people-count"), this.#isLoaded ? count("doors.people.count", this.#found) : "");
    const focused = document.activeElement?.dataset?.focusKey;
    $("people-list").replaceChildren(...this.#people.map((person) => this.#line(person)));
    // The list was made anew under whoever stood in it.
    if (focused)
      document.querySelector(`#people-list [data-focus-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #line(person) {
    const name = make("strong", { id: `person-${person.number}` }, person.name || person.number);
    const state = person.blocked ? "blocked" : person.faceCount > 0 ? "enrolled" : person.consentGivenAt ? "agreed" : "unknown";
    const button = (key, work, primary = false) => {
      const made = make("button", { type: "button", class: primary ? "primary" : "secondary", "aria-describedby": name.id, "data-focus-key": `${key} ${person.number}` }, t(key));
      made.addEventListener("click", work);
      return made;
    };
    return make("li", { class: "card person", "data-state": state },
      make("span", { class: `face drawn ${state}` }, icon("person")),
      make("div", { class: "person-words" },
        make("p", {}, name, " ", person.name ? make("span", { class: "muted" }, person.number) : null),
        make("p", { class: "small" }, make("span", { class: `light ${state}` }, t(`doors.person.state.${state}`)), " ",
          make("span", { class: "muted" }, person.faceCount > 0 ? count("doors.faces.count", person.faceCount) : person.consentGivenAt ? t("doors.person.agreed", { day: day(person.consentGivenAt) }) : ""))),
      make("div", { class: "actions" },
        button("doors.person.enrol", () => this.#page.enrol(person), person.faceCount === 0),
        button("doors.person.more", () => void this.#page.editPerson(person))));
  }
}
