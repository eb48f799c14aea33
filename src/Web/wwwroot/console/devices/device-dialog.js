// One device: what it is set to, what it is told, and what a person decides about it.
import { announce } from "../../announcer.js";
import { $, make, setText, show } from "../../dom.js";
import { has, onLanguage, t } from "../../words.js";
import { canBeTold, nameOf, onlyPosts, wordOfProtocol } from "./device-card.js";
import { confirm, openDialog, run } from "./dialogs.js";
import { allZones, dateTime } from "./times.js";

const commandsMs = 2000;

export class DeviceDialog {
  #page;
  #device = null;
  #timer = 0;

  constructor(page) {
    this.#page = page;
    $("device-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save(event.submitter);
    });
    for (const button of document.querySelectorAll("[data-command]"))
      button.addEventListener("click", () => void this.#command(button, button.dataset.command));
    $("device-person").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#tell(event.submitter, { kind: event.submitter.value, personNumber: $("command-person").value.trim() });
    });
    $("login-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#setLogin(event.submitter);
    });
    for (const block of document.querySelectorAll("#device-judgement [data-action]"))
      block.querySelector("button").addEventListener("click", (event) => void this.#judge(event.currentTarget, block.dataset.action));
    $("device").addEventListener("close", () => {
      clearInterval(this.#timer);
      this.#device = null;
    });
    onLanguage(() => this.#device && this.#draw());
  }

  open(device) {
    this.#device = device;
    for (const id of ["device-error", "command-error", "login-error"])
      setText($(id), "");
    $("command-list").replaceChildren();
    this.#fill();
    this.#draw();
    openDialog("device");
    this.#timer = setInterval(() => void this.#listCommands(), commandsMs);
    void this.#listCommands();
  }

  /** News from the server; what somebody is typing stays. */
  refresh(devices) {
    const device = this.#device && devices.find((one) => one.id === this.#device.id);
    if (device)
      this.#take(device);
  }

  /** An answer may come when the dialog was closed, or shows another device. */
  #take(device) {
    if (!this.#isShown(device.id))
      return;
    this.#device = device;
    this.#draw();
  }

  #isShown(id) {
    return this.#device?.id === id;
  }

  #fill() {
    const device = this.#device;
    $("field-name").value = device.name;
    $("field-door").value = device.door;
    $("field-open").value = device.openSeconds;
    $("field-similarity").value = device.acceptSimilarity ?? "";
    $("field-network").value = device.network ?? "";
    for (const option of document.querySelectorAll("#device-form [name=liveness]"))
      option.checked = option.value === device.liveness;
    $("login-user").value = $("login-password").value = $("command-person").value = "";
    const standard = make("option", { value: "" });
    $("field-zone").replaceChildren(standard, ...allZones().map((zone) => make("option", { value: zone }, zone)));
    $("field-zone").value = device.timeZone;
  }

  #draw() {
    const device = this.#device;
    setText($("device-heading"), nameOf(device));
    setText($("device-facts"), [
      wordOfProtocol(device), t("doors.serial", { serial: device.serial }), device.model, device.firmware && t("doors.firmware", { firmware: device.firmware }),
      // One that the server calls proves itself to the server's login, its certificate and its serial.
      device.address !== null ? device.address
        : device.certificateKey ? t("doors.key.certificate", { fingerprint: device.certificateKey }) : t(device.hasKey ? "doors.key.known" : "doors.key.none"),
      t("doors.since", { time: dateTime(device.createdAt) }),
    ].filter(Boolean).join(" · "));
    setText($("field-zone").options[0], t("doors.field.zone.standard", { zone: this.#page.status.timeZone }));
    setText($("field-similarity-hint"), t("doors.field.similarity.hint", { standard: this.#page.status.acceptSimilarity }));
    show($("device-commands"), canBeTold(device));
    show($("device-login"), device.address !== null);
    const shown = { approve: device.state !== "approved", refuse: device.state !== "refused", "forget-key": device.hasKey && !onlyPosts(device), remove: true };
    for (const block of document.querySelectorAll("#device-judgement [data-action]"))
      show(block, shown[block.dataset.action]);
  }

  async #save(button) {
    const { id } = this.#device;
    const similarity = $("field-similarity").value;
    const change = {
      name: $("field-name").value,
      door: $("field-door").value,
      timeZone: $("field-zone").value,
      openSeconds: Number($("field-open").value),
      acceptSimilarity: similarity === "" ? null : Number(similarity),
      network: $("field-network").value || null,
      liveness: document.querySelector("#device-form [name=liveness]:checked")?.value ?? this.#device.liveness,
    };
    const saved = await run(button, "device-error", async () => this.#take(await this.#page.api.changeDevice(id, change)), () => this.#isShown(id));
    if (saved) {
      announce(t("doors.saved"));
      await this.#page.refresh();
    }
  }

  async #setLogin(button) {
    const { id } = this.#device;
    const login = { user: $("login-user").value, password: $("login-password").value };
    if (await run(button, "login-error", () => this.#page.api.setLogin(id, login), () => this.#isShown(id))) {
      if (this.#isShown(id))
        $("login-password").value = "";
      announce(t("doors.saved"));
    }
  }

  async #command(button, kind) {
    if (kind === "open-door") {
      const yes = await confirm({ heading: t("doors.open.ask", { door: this.#device.door || nameOf(this.#device) }), text: t("doors.open.ask.text"), yes: t("doors.command.open-door") });
      if (!yes)
        return;
    }

    await this.#tell(button, { kind });
  }

  async #tell(button, command) {
    const { id } = this.#device;
    if (await run(button, "command-error", () => this.#page.api.command(id, command), () => this.#isShown(id)))
      await this.#listCommands();
  }

  async #listCommands() {
    const device = this.#device;
    if (!device || !canBeTold(device) || this.#page.isShutOut)
      return;
    try {
      const { commands } = await this.#page.api.commands(device.id);
      if (!this.#isShown(device.id))
        return;
      const lines = commands.map((command) => [
        // What only one protocol knows is called as its documentation calls it.
        has(`doors.command.${command.kind}`) ? t(`doors.command.${command.kind}`) : command.kind, command.arguments.personNumber ?? "", t(`doors.commandState.${command.state}`), dateTime(command.endedAt ?? command.sentAt ?? command.createdAt), command.result,
      ].filter(Boolean).join(" · "));
      const list = $("command-list");
      if (list.dataset.shown !== lines.join("\n")) {
        list.dataset.shown = lines.join("\n");
        list.replaceChildren(...lines.map((line, index) => make("li", { class: commands[index].state }, line)));
      }
    } catch {
      // The page says that the server is away; the next look may do better.
    }
  }

  async #judge(button, action) {
    const device = this.#device;
    if (action === "remove" || action === "forget-key") {
      const yes = await confirm({ heading: t(`doors.${action}.ask`, { name: nameOf(device) }), text: t(`doors.${action}.what`), yes: t(`doors.${action}`) });
      if (!yes)
        return;
    }

    const done = await run(button, "device-error", async () => {
      if (action === "remove")
        await this.#page.api.removeDevice(device.id);
      else
        this.#take(await this.#page.api.judgeDevice(device.id, action));
    }, () => this.#isShown(device.id));
    if (!done)
      return;
    announce(t(`doors.done.${action}`, { name: nameOf(device) }));
    if (action === "remove" && this.#isShown(device.id))
      $("device").close();
    await this.#page.refresh();
  }
}
