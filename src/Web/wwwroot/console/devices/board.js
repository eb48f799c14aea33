// The devices: those that wait for a person's word above everything else, the others in a tab.
import { announce } from "../../announcer.js";
import { $, setText, show } from "../../dom.js";
import { count, onLanguage, t } from "../../words.js";
import { canBeTold, DeviceCard, DeviceCards, nameOf } from "./device-card.js";
import { confirm } from "./dialogs.js";

export class DeviceBoard {
  #page;
  #devices = [];
  #isLoaded = false;
  #pending;
  #known;

  constructor(page) {
    this.#page = page;
    this.#pending = new DeviceCards($("pending-list"), (device) => new DeviceCard(device, [
      { key: "doors.approve", primary: true, done: (one, button) => this.#judge(one, "approve", button) },
      { key: "doors.refuse", done: (one, button) => this.#judge(one, "refuse", button) },
    ], { heading: "h3" }));
    this.#known = new DeviceCards($("devices-list"), (device) => new DeviceCard(device, [
      { key: "doors.settings", done: (one) => page.editDevice(one) },
      { key: "doors.command.open-door", done: (one, button) => this.openDoor(one, button), when: (one) => canBeTold(one) && one.online },
    ]));
    onLanguage(() => {
      this.#pending.redo(this.#waiting);
      this.#known.redo(this.#others);
      this.#drawWords();
    });
  }

  get devices() {
    return this.#devices;
  }

  find(id) {
    return this.#devices.find((device) => device.id === id) ?? null;
  }

  draw(devices) {
    this.#devices = devices;
    this.#isLoaded = true;
    this.#pending.draw(this.#waiting);
    this.#known.draw(this.#others);
    this.#drawWords();
  }

  /** A door is opened by whoever confirms it, never by a slip of the hand. */
  async openDoor(device, button) {
    const yes = await confirm({ heading: t("doors.open.ask", { door: device.door || nameOf(device) }), text: t("doors.open.ask.text"), yes: t("doors.command.open-door") });
    if (!yes)
      return;
    if (await this.#page.attempt(button, () => this.#page.api.command(device.id, { kind: "open-door" })))
      announce(t("doors.open.told", { name: nameOf(device) }));
  }

  get #waiting() {
    return this.#devices.filter((device) => device.state === "pending");
  }

  get #others() {
    return this.#devices.filter((device) => device.state !== "pending");
  }

  async #judge(device, action, button) {
    if (!await this.#page.attempt(button, () => this.#page.api.judgeDevice(device.id, action)))
      return;
    announce(t(action === "approve" ? "doors.approved" : "doors.refused", { name: nameOf(device) }));
    await this.#page.refresh();
    // The card is gone, and with it the focus: on to the next one, or to what comes after them.
    (this.#waiting.length > 0 ? $("pending-heading") : $("tab-devices")).focus();
  }

  #drawWords() {
    show($("pending"), this.#waiting.length > 0);
    setText($("pending-heading"), count("doors.pending", this.#waiting.length));
    show($("devices-empty"), this.#isLoaded && this.#devices.length === 0);
    const online = this.#others.filter((device) => device.online).length;
    setText($("devices-count"), this.#others.length > 0 ? `${count("doors.devices.count", this.#others.length)}, ${t("doors.devices.online", { n: online })}` : "");
  }
}
