// Tabs as the ARIA Authoring Practices have them: one stop for Tab, arrows between them, the address keeps which one is open.
import { $, show } from "../../dom.js";

export class Tabs {
  #names;
  #opened;
  #current = null;

  /** <opened>: called with the name of the one that is open now. */
  constructor(names, opened) {
    this.#names = names;
    this.#opened = opened;
    for (const name of names) {
      const tab = $(`tab-${name}`);
      tab.addEventListener("click", () => this.open(name));
      tab.addEventListener("keydown", (event) => this.#move(event, name));
    }

    window.addEventListener("hashchange", () => this.#followAddress());
  }

  start() {
    this.#followAddress();
  }

  get current() {
    return this.#current;
  }

  open(name) {
    if (name === this.#current)
      return;
    this.#current = name;
    for (const other of this.#names) {
      const tab = $(`tab-${other}`);
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
      show($(`panel-${other}`), other === name);
    }

    history.replaceState(history.state, "", `#${name}`);
    this.#opened(name);
  }

  #followAddress() {
    const asked = location.hash.slice(1);
    this.open(this.#names.includes(asked) ? asked : this.#current ?? this.#names[0]);
  }

  #move(event, name) {
    const at = this.#names.indexOf(name);
    const last = this.#names.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined)
      return;
    event.preventDefault();
    this.open(this.#names[to]);
    $(`tab-${this.#names[to]}`).focus();
  }
}
