// Enrols somebody's face: first they agree, then the camera looks, and says what to do until three pictures are good.
import { announce } from "../../announcer.js";
import { $, make, setText, show } from "../../dom.js";
import { count, has, onLanguage, t } from "../../words.js";
import { Camera } from "./camera.js";
import { once, openDialog, run } from "./dialogs.js";

// Turned a little each, three faces of one person open a door in the morning light too.
const picturesWanted = 3;
// Long enough to read a hint and follow it, short enough to catch the moment.
const pauseMs = 450;
// Then a person has to look why it does not work.
const longestMs = 60_000;

export class EnrolDialog {
  #page;
  #person = null;
  #camera = new Camera($("enrol-preview"));
  #taken = []; // Object URLs of the pictures that count.
  #hint = null; // [key, values], so that it can be said in the other language.
  #lookalike = null; // A picture that looks like somebody else's, and where it comes from.
  #run = 0; // Which look is going on; another number ends it.

  constructor(page) {
    this.#page = page;
    $("enrol-consent").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#agree(event.submitter);
    });
    $("enrol-start").addEventListener("click", () => void (this.#isLooking ? this.#stop() : this.#look()));
    $("enrol-file").addEventListener("change", (event) => void this.#upload(event.target));
    $("enrol-lookalike").addEventListener("click", (event) => void this.#enrolLookalike(event.currentTarget));
    $("enrol-camera").addEventListener("change", (event) => void this.#open(event.target.value));
    $("enrol").addEventListener("close", () => this.#leave());
    onLanguage(() => this.#person && this.#draw());
  }

  open(person) {
    this.#person = person;
    this.#lookalike = null;
    show($("enrol-note"), false);
    this.#setHint(null);
    for (const id of ["enrol-error", "consent-error"])
      setText($(id), "");
    $("enrol-consent").reset();
    this.#draw();
    openDialog("enrol");
    if (person.consentGivenAt)
      void this.#prepare();
  }

  get #isLooking() {
    return this.#run > 0 && this.#run % 2 === 1;
  }

  async #agree(button) {
    const { number } = this.#person;
    const done = await run(button, "consent-error", async () => {
      const agreed = await this.#page.api.giveConsent(number, $("consent-source").value.trim());
      if (this.#person?.number === number)
        this.#person = agreed;
    });
    if (!done)
      return;
    announce(t("doors.consent.recorded"));
    await this.#page.peopleChanged();
    if (this.#person?.number !== number)
      return;
    this.#draw();
    $("enrol-heading").focus();
    await this.#prepare();
  }

  /** Nothing opens the camera before somebody has agreed. */
  async #prepare() {
    if (!this.#page.status.canEnrol) {
      setText($("enrol-error"), t("doors.enrol.noModels"));
      return;
    }

    if (!Camera.isAvailable) {
      this.#setHint(["doors.enrol.insecure"]);
      return;
    }

    await this.#open(null);
  }

  async #open(id) {
    try {
      if (!await this.#camera.open(id))
        return;
      this.#setHint(["doors.enrol.ready"]);
      const cameras = await Camera.list();
      $("enrol-camera").replaceChildren(...cameras.map((camera, index) =>
        make("option", { value: camera.deviceId, selected: camera.deviceId === this.#camera.currentId }, camera.label || `${index + 1}`)));
      show($("enrol-camera-choice"), cameras.length > 1);
    } catch (problem) {
      if (this.#person === null)
        return;
      this.#setHint([`denied.${problem.kind === "blocked" ? problem.guide : problem.kind}`, { reason: problem.message }]);
    }

    if (this.#person)
      this.#draw();
  }

  async #look() {
    const mine = ++this.#run;
    const until = performance.now() + longestMs;
    setText($("enrol-error"), "");
    this.#setHint(["doors.enrol.looking"]);
    this.#draw();
    while (this.#run === mine && this.#taken.length < picturesWanted && performance.now() < until) {
      const picture = await this.#camera.picture();
      if (picture && !await this.#send(picture, "webcam"))
        break;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }

    // Stopped, or all pictures are taken.
    if (this.#run !== mine)
      return;
    this.#run++;
    if (performance.now() >= until)
      this.#setHint(["doors.enrol.timeUp"]);
    this.#draw();
  }

  #stop() {
    this.#run++;
    this.#setHint(["doors.enrol.ready"]);
    this.#draw();
  }

  async #upload(input) {
    const [file] = input.files;
    if (!file)
      return;
    setText($("enrol-error"), "");
    this.#setHint(["doors.enrol.sending"]);
    await this.#send(file, "photo");
    input.value = "";
  }

  async #enrolLookalike(button) {
    await once(button, () => this.#send(this.#lookalike.picture, this.#lookalike.source, true), () => {});
  }

  /** False where trying again makes no sense. */
  async #send(picture, source, lookalike = false) {
    const person = this.#person;
    let answer;
    try {
      answer = await this.#page.api.enrol(person.number, picture, source, lookalike);
    } catch (problem) {
      if (this.#person?.number !== person.number)
        return false;
      setText($("enrol-error"), problem.message);
      // Too many requests, a server that restarts: a moment later it may go on.
      return problem.isPassing && problem.status !== 503;
    }

    if (this.#person?.number !== person.number)
      return false;
    setText($("enrol-error"), "");
    this.#lookalike = answer.code === "known-as-another" ? { picture, source } : null;
    // Who else it is concerns the operator, not the person beside them: it takes a click to see it.
    setText($("enrol-note-text"), answer.note);
    $("enrol-note").open = false;
    show($("enrol-note"), answer.note !== "");
    if (answer.enrolled)
      this.#taken.push(URL.createObjectURL(picture));
    this.#setHint(hintOf(answer, picturesWanted - this.#taken.length));
    this.#draw();
    // From the camera, a file or an operator's word: with the last one the camera is off.
    if (this.#taken.length >= picturesWanted)
      this.#finish();
    return !["known-as-another", "too-many-templates", "gallery-full", "no-consent", "unknown-person"].includes(answer.code);
  }

  #finish() {
    this.#run += this.#isLooking ? 1 : 0;
    this.#camera.close();
    this.#setHint(["doors.enrol.done", { name: this.#person.name || this.#person.number }]);
    this.#draw();
    void this.#page.peopleChanged();
  }

  #leave() {
    this.#run += this.#isLooking ? 1 : 0;
    this.#camera.close();
    const changed = this.#taken.length > 0;
    for (const url of this.#taken)
      URL.revokeObjectURL(url);
    this.#taken = [];
    this.#person = null;
    if (changed)
      void this.#page.peopleChanged();
  }

  #setHint(hint) {
    this.#hint = hint;
    setText($("enrol-hint"), hint === null ? "" : has(hint[0]) ? t(...hint) : hint[1]?.reason ?? "");
  }

  #draw() {
    const person = this.#person;
    const agreed = person.consentGivenAt !== null;
    setText($("enrol-heading"), t("doors.enrol.heading", { name: person.name || person.number }));
    show($("enrol-consent"), !agreed);
    show($("enrol-pictures"), agreed);
    this.#setHint(this.#hint);
    show($("booth"), this.#camera.isOpen);
    $("booth").classList.toggle("looking", this.#isLooking);
    show($("enrol-start"), this.#camera.isOpen);
    show($("enrol-file").closest(".file"), this.#page.status.canEnrol && this.#taken.length < picturesWanted);
    setText($("enrol-start"), t(this.#isLooking ? "doors.enrol.stop" : "doors.enrol.start"));
    show($("enrol-lookalike"), this.#lookalike !== null);
    const places = Array.from({ length: picturesWanted }, (_, index) => this.#taken[index]
      ? make("li", {}, make("img", { src: this.#taken[index], alt: t("doors.enrol.picture", { n: index + 1 }) }))
      : make("li", { class: "open" }, make("span", { class: "sr" }, t("doors.enrol.place", { n: index + 1 }))));
    $("enrol-taken").replaceChildren(...places);
  }
}

/** What to do next, in the page's words; the server's English where the page has none. */
function hintOf(answer, left) {
  if (answer.enrolled)
    return left > 0 ? ["doors.enrol.next", { left: count("doors.enrol.left", left) }] : ["doors.enrol.enough"];
  if (answer.fault)
    return [`doors.fault.${answer.fault}`, { reason: answer.reason }];
  return [`doors.code.${answer.code}`, { reason: answer.reason }];
}
