// The candidate's page: loads the interview's state, decides where to begin, and leads from step to step.
import { announce } from "../announcer.js";
import { missingAbility } from "../browser.js";
import { $, setText, show } from "../dom.js";
import { Problem } from "../problem.js";
import { currentLanguage, onLanguage, speak, t, wireLanguageSwitch } from "../words.js";
import { CandidateApi } from "./api.js";
import { Banner } from "./banner.js";
import { Connection } from "./connection.js";
import { Media } from "./media.js";
import { ConsentStep } from "./steps/consent.js";
import { DevicesStep } from "./steps/devices.js";
import { PracticeStep } from "./steps/practice.js";
import { QuestionsStep } from "./steps/questions.js";
import { ReceiptStep } from "./steps/receipt.js";
import { WelcomeStep } from "./steps/welcome.js";
import { TabStore } from "./store.js";

class CandidatePage {
  state = null;
  media = null;
  connection = null;
  store;
  api;
  banner;

  #steps;
  #current = null;

  constructor() {
    const path = location.pathname.replace(/\/$/, "");
    this.api = new CandidateApi(`${path}/candidate`);
    this.store = new TabStore(path.split("/").pop());
    this.banner = new Banner($("banner"));
    this.#steps = {
      welcome: new WelcomeStep(this),
      consent: new ConsentStep(this),
      devices: new DevicesStep(this),
      practice: new PracticeStep(this),
      questions: new QuestionsStep(this),
      receipt: new ReceiptStep(this),
    };
  }

  get wantsAudio() {
    return this.state.permitted.includes("audio");
  }

  get wantsVideo() {
    return this.state.permitted.includes("video") && !this.store.get("withoutCamera") && this.state.stages.some((stage) => stage.mode === "video");
  }

  get wantsMedia() {
    return this.wantsAudio || this.wantsVideo;
  }

  async start() {
    wireLanguageSwitch();
    await speak(document.documentElement.lang);
    for (const button of document.querySelectorAll("[data-back]"))
      button.addEventListener("click", () => this.go(button.dataset.back));
    $("unable-again").addEventListener("click", () => location.reload());
    addEventListener("pagehide", () => this.connection?.close());
    // Back from the browser's page cache: the connection was closed when it went in.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    onLanguage(() => void this.#languageChanged());
    await this.load();
  }

  /** Reads where the interview stands and goes there. */
  async load() {
    try {
      await this.refresh();
    } catch (problem) {
      if (!(problem instanceof Problem))
        throw problem;
      this.#showUnable([401, 403, 404].includes(problem.status) ? "link" : problem.status === 410 ? "expired" : "server", problem.message);
      return;
    }

    const { state, position, consentPending } = this.state;
    if (state === "failed")
      this.#showUnable("expired", "");
    else if (state === "finishing" || state === "finished" || position.over)
      this.go("receipt");
    else if (missingAbility() && (consentPending || this.wantsMedia))
      this.#showUnable(missingAbility(), "");
    else
      await this.#resume();
  }

  async refresh() {
    this.state = await this.api.state(currentLanguage());
    this.media ??= new Media(this.state.video);
    return this.state;
  }

  /** The connection, from its first use on. */
  connect() {
    if (this.connection === null || this.connection.state === "closed" || this.connection.state === "refused") {
      this.connection = new Connection(this.state, async () => (await this.api.state(currentLanguage())).mediaConnected);
      this.banner.watch(this.connection);
      this.connection.addEventListener("change", () => this.#steps[this.#current]?.connectionChanged?.());
    }

    this.connection.open({ audio: this.media.sentAudio, video: this.wantsVideo ? this.media.sentVideo : null });
    return this.connection;
  }

  /** Without sound and pictures there is nothing to check and to practise. */
  afterConsent() {
    this.go(this.wantsMedia ? "devices" : "questions");
  }

  go(name) {
    this.#steps[this.#current]?.leave?.();
    for (const section of document.querySelectorAll("main > section"))
      show(section, section.id === `step-${name}`);
    this.#current = name;
    this.store.set("step", name);
    this.#drawProgress();
    this.#steps[name].enter();
    scrollTo({ top: 0 });
    $(`step-${name}`).querySelector("h1").focus({ preventScroll: true });
    const items = this.#progressItems();
    announce(t("page.step", { number: items.findIndex((item) => item.dataset.step === name) + 1, count: items.length, name: t(`progress.${name}`) }));
  }

  /** A page that was loaded again goes on where it was, with camera and microphone if the browser gives them without a question. */
  async #resume() {
    const step = this.store.get("step");
    if (this.state.consentPending || !step || step === "welcome" || step === "consent" || step === "receipt") {
      this.go(this.state.consentPending && step === "consent" ? "consent" : "welcome");
      return;
    }

    if (!this.wantsMedia) {
      this.go("questions");
      return;
    }

    if (step === "questions") {
      try {
        await this.media.open({ audio: this.wantsAudio, video: this.wantsVideo });
        this.connect();
        this.go("questions");
        return;
      } catch {
        // The browser asks again, and wants a click first: the device step is where that is explained.
      }
    }

    this.go("devices");
  }

  async #languageChanged() {
    this.#drawProgress();
    if (this.#current === null)
      return;
    try {
      await this.refresh();
    } catch (problem) {
      if (!(problem instanceof Problem))
        throw problem; // The plan's own texts stay as they were.
    }

    this.#steps[this.#current].draw?.();
  }

  #progressItems() {
    return [...document.querySelectorAll("#progress li")].filter((item) => !item.hidden);
  }

  #drawProgress() {
    if (this.#current === null)
      return;
    show($("progress"), true);
    let past = true;
    for (const item of document.querySelectorAll("#progress li")) {
      const skipped = (item.dataset.step === "devices" || item.dataset.step === "practice") && !this.state.consentPending && !this.wantsMedia;
      show(item, !skipped);
      const isCurrent = item.dataset.step === this.#current;
      past &&= !isCurrent;
      item.classList.toggle("past", past);
      if (isCurrent)
        item.setAttribute("aria-current", "step");
      else
        item.removeAttribute("aria-current");
    }

    document.title = `${t(`progress.${this.#current}`)} · ${this.state.title}`;
  }

  #showUnable(kind, reason) {
    for (const section of document.querySelectorAll("main > section"))
      show(section, section.id === "step-unable");
    const draw = () => {
      setText($("unable-heading"), t(`unable.${kind}.heading`));
      setText($("unable-what"), t(`unable.${kind}.what`, { reason }));
      setText($("unable-do"), t(`unable.${kind}.do`));
    };
    draw();
    onLanguage(draw);
    $("unable-heading").focus();
  }
}

await new CandidatePage().start();
