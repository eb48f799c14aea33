// The questions, one after the other. The server's flow decides what may happen; this page shows it and asks for the next thing.
import { $, setText } from "../../dom.js";
import { t } from "../../words.js";
import { persist } from "../api.js";
import { Captions } from "../captions.js";
import { Countdown } from "../countdown.js";
import { QuestionDevices } from "../question-devices.js";
import { allQuestions, nextQuestion } from "../question-order.js";
import { drawActions, drawQuestion, drawSafe } from "../question-view.js";
import { WakeLock } from "../wake-lock.js";
import { WarningList } from "../warnings.js";
import { WrittenAnswer } from "../written.js";

// The server ends an answer a quarter of a second after the request, so that the last word belongs to it: it must still be sent.
const lastWordMs = 500;
const pictureWarnings = new Set(["no-face", "several-faces", "dark", "overexposed", "blurred"]);

export class QuestionsStep {
  #page;
  #captions;
  #written;
  #countdown;
  #devices;
  #wakeLock = new WakeLock();
  #events = null;
  #warnings = new WarningList($("question-warnings"));
  #view = "ready"; // ready, answering, done; all: there is no further question.
  #isBusy = false;
  #at = null; // The question on the page: { stage, question, number }.
  #answer = null; // What the server calls it: { stageId, questionId, attempt }.
  #message = () => "";
  #focusAfter = null; // A button that is disabled cannot be given the focus while a request is under way.

  constructor(page) {
    this.#page = page;
    this.#devices = new QuestionDevices(page);
    this.#captions = new Captions(page.store);
    this.#written = new WrittenAnswer(page.store);
    this.#countdown = new Countdown($("question-timer"), () => void this.#timeUp());
    $("question-go").addEventListener("click", () => void this.#go());
    $("question-again").addEventListener("click", () => void this.#begin());
    $("question-skip").addEventListener("click", () => {
      if (!this.#mayAnswer) {
        this.#skip(); // There is nothing to think over.
        return;
      }

      setText($("skip-text"), t("skip.text"));
      $("skip-dialog").showModal();
    });
    $("skip-dialog").addEventListener("close", () => {
      if ($("skip-dialog").returnValue === "yes")
        this.#skip();
      $("skip-dialog").returnValue = "";
    });
  }

  enter() {
    this.#events ??= this.#page.api.events({
      safe: ({ ms }) => this.#safe(ms),
      caption: ({ text }) => this.#view === "answering" && this.#captions.add(text),
      warning: ({ kind }) => this.#warn(kind),
      stage: (stage) => this.#stageChanged(stage),
      connection: ({ state, lossPercent }) => state === "connected" && this.#page.banner.reportLoss(lossPercent),
      finished: () => this.#leaveForReceipt(),
    });
    this.#page.banner.safeMs = this.#page.state.safeMs;
    this.#wakeLock.hold();
    void this.#place();
  }

  leave() {
    this.#events?.close();
    this.#events = null;
    this.#countdown.stop();
    this.#devices.leave();
    this.#wakeLock.release();
  }

  connectionChanged() {
    const { connection } = this.#page;
    // The server's clock waits for the candidate, also for one who writes.
    if (this.#view === "answering") {
      if (connection.isConnected)
        void this.#resume();
      else
        this.#countdown.hold();
    }

    this.#drawAll();
  }

  draw() {
    // The plan's texts came again, in the other language.
    if (this.#at)
      this.#at = allQuestions(this.#page.state).find((q) => q.question.id === this.#at.question.id) ?? this.#at;
    this.#drawAll();
    this.#captions.draw();
    this.#written.draw();
    this.#warnings.draw();
  }

  get #isSpoken() {
    return this.#at !== null && this.#at.stage.mode !== "text";
  }

  get #isLast() {
    return this.#at !== null && allQuestions(this.#page.state).at(-1).question.id === this.#at.question.id;
  }

  get #mayAnswer() {
    return this.#page.state.permitted.includes(this.#isSpoken ? "audio" : "text");
  }

  #offerCaptions() {
    this.#captions.offer(this.#isSpoken && this.#page.state.permitted.includes("transcript"), this.#page.state.speech);
  }

  #attempts(question) {
    return this.#page.state.position.attempts[question.id] ?? 0;
  }

  /** Where the server says the interview is: an open answer goes on, else the next question is read. */
  async #place() {
    const { open } = this.#page.state.position;
    if (!open) {
      await this.#turnTo(nextQuestion(this.#page.state, this.#page.store.get("skipped", [])));
      return;
    }

    await this.#turnTo(allQuestions(this.#page.state).find((q) => q.question.id === open.questionId));
    this.#answer = { stageId: open.stageId, questionId: open.questionId, attempt: open.attempt };
    this.#answering(open.secondsLeft);
  }

  async #turnTo(question) {
    this.#at = question;
    this.#answer = null;
    this.#warnings.clear();
    this.#countdown.stop();
    this.#page.banner.isAnswering = false;
    await this.#devices.turnTo(question?.stage.mode ?? "text");
    this.#show(question ? "ready" : "all", question ? () => t("question.ready") : () => t("question.last.text"));
    this.#offerCaptions();
    $("question-heading").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  async #go() {
    if (this.#view === "ready")
      await this.#begin();
    else if (this.#view === "answering")
      await this.#end();
    else if (this.#view === "done" && !this.#isLast)
      await this.#next();
    else
      await this.#finish();
  }

  async #begin() {
    const { stage, question } = this.#at;
    const answer = { stageId: stage.id, questionId: question.id, attempt: this.#attempts(question) + 1 };
    await this.#ask(async () => {
      // Before the request: the answer begins with it, and so must the sound.
      this.#devices.open();
      const { secondsLeft } = await persist(() => this.#page.api.begin(answer)).catch((problem) => {
        this.#devices.close();
        throw problem;
      });
      this.#answer = answer;
      this.#page.state.position.attempts[question.id] = answer.attempt;
      this.#answering(secondsLeft);
    });
  }

  #answering(secondsLeft) {
    this.#warnings.clear();
    this.#offerCaptions();
    this.#devices.open();
    this.#page.banner.isAnswering = this.#isSpoken;
    this.#show("answering", () => t(this.#isSpoken ? "question.running" : "question.writing"));
    this.#countdown.start(secondsLeft);
    if (this.#page.wantsMedia && !this.#page.connection?.isConnected)
      this.#countdown.hold();
    if (this.#isSpoken) {
      this.#focusAfter = $("question-go");
    } else {
      this.#written.open(this.#answer);
      this.#focusAfter = $("question-text");
    }

  }

  async #end() {
    if (!this.#isSpoken && this.#written.text.trim() === "") {
      setText($("question-error"), t("question.empty"));
      $("question-text").focus();
      return;
    }

    await this.#ask(async () => {
      if (this.#isSpoken)
        await persist(() => this.#page.api.end(this.#answer));
      else
        await this.#handIn();
      this.#ended(this.#isSpoken ? "question.done" : "question.sent");
    });
  }

  async #handIn() {
    this.#written.close();
    try {
      await persist(() => this.#page.api.write(this.#answer, this.#written.text));
      this.#written.forget();
    } catch (problem) {
      this.#written.open(this.#answer);
      throw problem;
    }
  }

  async #timeUp() {
    if (this.#view !== "answering")
      return;
    const text = this.#written.text.trim();
    await this.#ask(async () => {
      if (this.#isSpoken)
        await persist(() => this.#page.api.end(this.#answer));
      else if (text !== "")
        await this.#handIn();
      this.#ended(this.#isSpoken ? "question.timeUp" : text !== "" ? "question.timeUp.text" : "question.timeUp.empty");
    });
  }

  #ended(messageKey) {
    this.#countdown.stop();
    this.#page.banner.isAnswering = false;
    this.#written.close();
    setTimeout(() => {
      if (this.#view !== "answering") // The next answer may have begun meanwhile.
        this.#devices.close();
    }, lastWordMs);
    this.#warnings.clear();
    this.#show("done", () => (this.#isLast ? `${t(messageKey)} ${t("question.all")}` : t(messageKey)));
    this.#focusAfter = $("question-go");
    if (!this.#isBusy)
      $("question-go").focus();
  }

  async #next() {
    await this.#ask(async () => {
      await this.#page.refresh();
      await this.#place();
    });
  }

  #skip() {
    this.#page.store.set("skipped", [...this.#page.store.get("skipped", []), this.#at.question.id]);
    void this.#next();
  }

  async #finish() {
    await this.#ask(async () => {
      this.#page.state = await persist(() => this.#page.api.finish());
      this.#leaveForReceipt();
    });
  }

  #leaveForReceipt() {
    this.#page.go("receipt");
  }

  /** One request at a time; what was refused is said, and the page is where it was. */
  async #ask(request) {
    if (this.#isBusy)
      return;
    this.#isBusy = true;
    setText($("question-error"), "");
    this.#drawAll();
    try {
      await request();
    } catch (problem) {
      setText($("question-error"), t("question.error", { reason: problem.message }));
    } finally {
      this.#isBusy = false;
      this.#drawAll();
    }

    this.#focusAfter?.focus();
    this.#focusAfter = null;
  }

  async #resume() {
    try {
      const { position } = await this.#page.refresh();
      // An answer that is no longer open ended at its limit.
      this.#countdown.resume(position.open?.questionId === this.#answer?.questionId ? position.open.secondsLeft : 0);
    } catch {
      this.#countdown.resume(this.#countdown.secondsLeft); // The next word of the server puts it right.
    }
  }

  /** Also from elsewhere: another tab, or the time limit. */
  #stageChanged({ questionId, attempt, active, secondsLeft }) {
    const isThis = this.#answer !== null && this.#answer.questionId === questionId && this.#answer.attempt === attempt;
    if (!isThis || this.#view !== "answering")
      return;
    if (active && secondsLeft > 0 && this.#page.connection?.isConnected !== false)
      this.#countdown.resume(secondsLeft);
    else if (!active && this.#isSpoken)
      this.#ended("question.timeUp");
  }

  #warn(kind) {
    if (this.#view === "answering" && this.#isSpoken && (this.#devices.showsCamera || !pictureWarnings.has(kind)))
      this.#warnings.add(kind);
  }

  #safe(ms) {
    this.#page.state.safeMs = ms;
    this.#page.banner.safeMs = ms;
    drawSafe(this.#page);
  }

  #show(view, message) {
    this.#view = view;
    this.#message = message;
    this.#drawAll();
  }

  #drawAll() {
    const at = this.#at;
    const shown = {
      at,
      isSpoken: this.#isSpoken,
      mayAnswer: at !== null && this.#mayAnswer,
      showsCamera: this.#devices.showsCamera,
      hasNoCamera: this.#devices.hasNoCamera,
      view: this.#view,
      isBusy: this.#isBusy,
      isLast: this.#isLast,
      isConnected: this.#page.connection?.isConnected ?? false,
      mayAgain: at !== null && this.#attempts(at.question) <= at.question.rerecords,
      message: this.#message(),
    };
    drawQuestion(this.#page, shown);
    drawActions(this.#page, shown);
    drawSafe(this.#page);
  }
}
