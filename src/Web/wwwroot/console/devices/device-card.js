// One device as a card that is kept up to date in place: whoever stands on a button of it stays there.
import { make, setText, show } from "../../dom.js";
import { count, t } from "../../words.js";
import { iconOfProtocol } from "./icons.js";
import { dateTime } from "./times.js";

export const nameOf = (device) => device.name || device.serial;

export const wordOfProtocol = (device) => t(`doors.protocol.${device.protocol}`);

/** It hears nothing from here, and its path is its only key. */
export const onlyPosts = (device) => device.protocol === "isapi" && device.address === null;

export const canBeTold = (device) => device.state === "approved" && !onlyPosts(device);

/** What its light says: approved devices are online or not, others wait or were refused. */
export const lightOf = (device) => (device.state === "approved" ? (device.online ? "online" : "offline") : device.state);

export class DeviceCard {
  #device;
  #title;
  #light = make("span", { class: "light" });
  #what = make("p", { class: "muted" });
  #facts = make("ul", { class: "facts" });
  #buttons;

  /** <actions>: [{ key, primary, done, when }], each a button; <done> gets the device, <when> says whether it is shown. <heading>: its level where it stands. */
  constructor(device, actions, { heading = "h2" } = {}) {
    this.#title = make(heading);
    this.#title.id = `device-${device.id}`;
    this.#buttons = actions.map((action) => {
      const button = make("button", { type: "button", class: action.primary ? "primary" : "secondary", "aria-describedby": this.#title.id });
      button.addEventListener("click", () => void action.done(this.#device, button));
      return { action, button };
    });
    this.element = make("li", { class: "card device", "aria-labelledby": this.#title.id },
      make("header", {}, iconOfProtocol(device.protocol), this.#title, this.#light), this.#what, this.#facts,
      make("div", { class: "actions" }, ...this.#buttons.map(({ button }) => button)));
    this.draw(device);
  }

  draw(device) {
    this.#device = device;
    this.element.dataset.light = lightOf(device);
    setText(this.#title, nameOf(device));
    setText(this.#light, t(`doors.light.${lightOf(device)}`));
    setText(this.#what, [device.door && device.door !== nameOf(device) ? t("doors.at", { door: device.door }) : null, wordOfProtocol(device), device.model].filter(Boolean).join(" · "));
    const facts = [
      device.name ? t("doors.serial", { serial: device.serial }) : null,
      device.seenAt ? t("doors.seen", { time: dateTime(device.seenAt) }) : t("doors.never"),
      device.firmware ? t("doors.firmware", { firmware: device.firmware }) : null,
      // What whoever approves it compares with the device.
      device.certificateKey && device.state === "pending" ? t("doors.key.certificate", { fingerprint: device.certificateKey }) : null,
      device.queued > 0 ? count("doors.queued", device.queued) : null,
      device.address,
      // What the server says is the matter with a device that it calls; in its own words, which name what to do.
      device.calling ? [t(`doors.calling.${device.calling.phase}`), device.calling.words].filter(Boolean).join(": ") : null,
    ].filter(Boolean);
    if (this.#facts.dataset.shown !== facts.join("\n")) {
      this.#facts.dataset.shown = facts.join("\n");
      this.#facts.replaceChildren(...facts.map((fact) => make("li", {}, fact)));
    }

    for (const { action, button } of this.#buttons) {
      setText(button, t(action.key));
      show(button, action.when?.(device) ?? true);
    }
  }
}

/** Keeps a list of cards in step with the devices. */
export class DeviceCards {
  #list;
  #make;
  #cards = new Map();

  constructor(list, makeCard) {
    this.#list = list;
    this.#make = makeCard;
  }

  draw(devices) {
    for (const [id, card] of this.#cards) {
      if (!devices.some((device) => device.id === id)) {
        card.element.remove();
        this.#cards.delete(id);
      }
    }

    for (const device of devices) {
      const card = this.#cards.get(device.id);
      if (card) {
        card.draw(device);
      } else {
        const made = this.#make(device);
        this.#cards.set(device.id, made);
        this.#list.append(made.element);
      }
    }
  }

  /** The words inside have changed. */
  redo(devices) {
    for (const card of this.#cards.values())
      card.element.remove();
    this.#cards.clear();
    this.draw(devices);
  }
}
