// The page of doors, devices and people. What is set is asked every few seconds, what happens comes by itself; nothing is kept in the browser.
import { interrupt } from "../../announcer.js";
import { $, make, setText, show } from "../../dom.js";
import { onLanguage, speak, t, useTexts, wireLanguageSwitch } from "../../words.js";
import { AddDialog } from "./add-dialog.js";
import { ConsoleApi } from "./api.js";
import { DeviceBoard } from "./board.js";
import { DeviceDialog } from "./device-dialog.js";
import { once, wireCloseButtons } from "./dialogs.js";
import { EnrolDialog } from "./enrol.js";
import { EventsView } from "./events.js";
import { NowView } from "./now.js";
import { PeopleView } from "./people.js";
import { PersonDialog } from "./person-dialog.js";
import { Tabs } from "./tabs.js";
import { useZone } from "./times.js";

const refreshMs = 5000;

class DoorsPage {
  api = new ConsoleApi(document.body.dataset.api);

  /** What the server is and lacks; see start(). */
  status = null;

  #board;
  #now;
  #events;
  #people;
  #deviceDialog;
  #personDialog;
  #enrolDialog;
  #tabs;
  #problem = null;
  #isShutOut = false;

  async start() {
    useTexts("doors");
    wireLanguageSwitch();
    wireCloseButtons();
    await speak(document.documentElement.lang);
    this.#board = new DeviceBoard(this);
    this.#now = new NowView(this.api, (deviceId) => this.#board.find(deviceId)?.acceptSimilarity ?? this.status?.acceptSimilarity ?? null);
    this.#events = new EventsView(this.api);
    this.#people = new PeopleView(this);
    this.#deviceDialog = new DeviceDialog(this);
    this.#personDialog = new PersonDialog(this);
    this.#enrolDialog = new EnrolDialog(this);
    new AddDialog(this);
    this.#tabs = new Tabs(["now", "devices", "events", "people"], (name) => void this.#enter(name));
    onLanguage(() => this.#drawState());
    $("site").addEventListener("change", (event) => void this.#changeSite(event.target.value));
    await this.refresh();
    if (!this.#isShutOut)
      this.#now.start();
    this.#tabs.start();
    setInterval(() => {
      // Nobody looks at a page in the background; and wrong tokens, asked with again and again, would shut out whoever sits here with the right one.
      if (document.visibilityState === "visible" && !this.#isShutOut)
        void this.refresh();
    }, refreshMs);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.refresh());
  }

  /** Asks what is set, and who waits. */
  async refresh() {
    const { site } = this.api;
    try {
      const [status, { devices }] = await Promise.all([this.api.status(), this.api.devices()]);
      // Another site was chosen meanwhile: what is asked of it comes by itself.
      if (site !== this.api.site)
        return;
      this.#problem = null;
      if (this.#isShutOut) {
        // The new link was opened in another tab.
        this.#isShutOut = false;
        this.#now.start();
      }

      const isFirst = this.status === null;
      this.status = status;
      useZone(status.timeZone);
      const mine = devices.filter((device) => device.tenant === (this.api.site || status.tenant));
      this.#board.draw(mine);
      this.#deviceDialog.refresh(mine);
      this.#events.setDevices(mine);
      if (isFirst)
        this.#now.refresh();
    } catch (problem) {
      this.#problem = problem;
      if (problem.type === "console-link" && !this.#isShutOut) {
        this.#isShutOut = true;
        this.#now.stop();
      }
    }

    this.#drawState();
  }

  /** Runs what a button asked for; where it fails the page says why. True where it worked. */
  attempt(button, work) {
    return once(button, work, (problem) => {
      this.#problem = problem;
      this.#drawState();
      interrupt(problem.message);
    });
  }

  /** Its link is no longer valid: asking makes no sense before somebody comes back with the new one. */
  get isShutOut() {
    return this.#isShutOut;
  }

  editDevice(device) {
    this.#deviceDialog.open(device);
  }

  editPerson(person) {
    return this.#personDialog.open(person);
  }

  enrol(person) {
    this.#enrolDialog.open(person);
  }

  peopleChanged() {
    return this.#people.load();
  }

  async #enter(name) {
    if (name === "events")
      await this.#events.enter();
    else if (name === "people")
      await this.#people.enter();
  }

  async #changeSite(site) {
    this.api.site = site;
    this.#events.reset();
    this.#people.reset();
    await this.refresh();
    if (!this.#isShutOut)
      this.#now.start();
    await this.#enter(this.#tabs.current);
  }

  #drawState() {
    setText($("doors-state"), this.#problem?.message ?? "");
    $("doors-state").classList.toggle("lost", this.#problem !== null);
    if (this.status === null)
      return;
    const { missing, tenants, tenant } = this.status;
    show($("doors-missing"), missing.length > 0);
    if ($("doors-missing").dataset.shown !== `${t("doors.missing")}${missing.join("\n")}`) {
      $("doors-missing").dataset.shown = `${t("doors.missing")}${missing.join("\n")}`;
      $("doors-missing").replaceChildren(make("p", {}, make("strong", {}, t("doors.missing"))), make("ul", {}, ...missing.map((one) => make("li", {}, one))));
    }

    show($("site-choice"), tenants.length > 1);
    if ($("site").dataset.shown !== tenants.join()) {
      $("site").dataset.shown = tenants.join();
      $("site").replaceChildren(...tenants.map((one) => make("option", { value: one, selected: one === (this.api.site || tenant) }, one)));
    }
  }
}

await new DoorsPage().start();
