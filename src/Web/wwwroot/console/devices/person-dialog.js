// One person: their faces, and what can be taken back.
import { announce } from "../../announcer.js";
import { $, make, setText, show } from "../../dom.js";
import { has, onLanguage, t } from "../../words.js";
import { confirm, openDialog, run } from "./dialogs.js";
import { dateTime, day } from "./times.js";

export class PersonDialog {
  #page;
  #person = null;
  #faces = [];

  constructor(page) {
    this.#page = page;
    for (const block of document.querySelectorAll("#person [data-action]"))
      block.querySelector("button").addEventListener("click", (event) => void this.#act(event.currentTarget, block.dataset.action));
    $("person-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#rename(event.submitter);
    });
    $("person").addEventListener("close", () => {
      this.#person = null;
    });
    onLanguage(() => this.#person && this.#draw());
  }

  async open(person) {
    this.#person = person;
    this.#faces = [];
    setText($("person-error"), "");
    $("person-rename").value = person.name;
    this.#draw();
    openDialog("person");
    await run(null, "person-error", () => this.#load());
  }

  async #load() {
    if (this.#person === null)
      return;
    const { person, faces } = await this.#page.api.person(this.#person.number);
    if (this.#person?.number !== person.number)
      return;
    this.#person = person;
    this.#faces = faces;
    this.#draw();
  }

  #draw() {
    const person = this.#person;
    setText($("person-heading"), person.name || person.number);
    setText($("person-facts"), [
      t("doors.number", { number: person.number }),
      person.consentGivenAt ? t("doors.person.consent", { day: day(person.consentGivenAt), source: person.consentSource })
        : person.consentWithdrawnAt ? t("doors.person.withdrawn", { day: day(person.consentWithdrawnAt) }) : t("doors.person.noConsent"),
      person.blocked ? t("doors.person.state.blocked") : null,
    ].filter(Boolean).join(" · "));
    setText($("person-faces-none"), this.#faces.length === 0 ? t("doors.faces.none") : "");
    show($("person-faces-none"), this.#faces.length === 0);
    $("person-faces").replaceChildren(...this.#faces.map((face) => this.#face(face)));
    const shown = { block: !person.blocked, unblock: person.blocked, withdraw: person.consentGivenAt !== null, erase: true };
    for (const block of document.querySelectorAll("#person [data-action]"))
      show(block, shown[block.dataset.action]);
  }

  async #rename(button) {
    const { number } = this.#person;
    const name = $("person-rename").value.trim();
    if (!await run(button, "person-error", () => this.#page.api.setPerson({ number, name })))
      return;
    announce(t("doors.saved"));
    await run(null, "person-error", () => this.#load());
    await this.#page.peopleChanged();
  }

  #face(face) {
    const source = face.source.split(":")[0];
    const words = [dateTime(face.createdAt), has(`doors.source.${source}`) ? t(`doors.source.${source}`) : face.source, t("doors.quality", { quality: face.quality.toFixed(2) }), face.comparable ? null : t("doors.faces.old")];
    const remove = make("button", { type: "button", class: "secondary" }, t("doors.faces.remove"));
    remove.addEventListener("click", () => void this.#remove(remove, face));
    return make("li", {}, make("span", {}, words.filter(Boolean).join(" · ")), remove);
  }

  async #remove(button, face) {
    if (await run(button, "person-error", () => this.#page.api.removeFace(this.#person.number, face.id))) {
      announce(t("doors.faces.removed"));
      await run(null, "person-error", () => this.#load());
      $("person-heading").focus();
      await this.#page.peopleChanged();
    }
  }

  async #act(button, action) {
    const { api } = this.#page;
    const { number, name } = this.#person;
    if (action === "withdraw" || action === "erase") {
      const yes = await confirm({ heading: t(`doors.person.${action}.ask`, { name: name || number }), text: t(`doors.person.${action}.what`), yes: t(`doors.person.${action}`) });
      if (!yes)
        return;
    }

    const work = {
      block: () => api.block(number, true), unblock: () => api.block(number, false), withdraw: () => api.withdrawConsent(number), erase: () => api.removePerson(number),
    }[action];
    if (!await run(button, "person-error", work))
      return;
    announce(t(`doors.person.done.${action}`, { name: name || number }));
    // The dialog may be closed by now, or somebody else's.
    const isShown = this.#person?.number === number;
    if (isShown && action === "erase")
      $("person").close();
    else if (isShown && await run(null, "person-error", () => this.#load()))
      $("person-heading").focus();
    await this.#page.peopleChanged();
  }
}
