// What is ahead: parts, questions, times.
import { $, make, setText } from "../../dom.js";
import { count, duration, t } from "../../words.js";

export class WelcomeStep {
  #page;

  constructor(page) {
    this.#page = page;
    $("welcome-go").addEventListener("click", () => {
      if (page.state.consentPending || page.state.state === "ready")
        page.go("consent");
      else
        page.afterConsent();
    });
  }

  enter() {
    this.draw();
  }

  draw() {
    const { stages, state } = this.#page.state;
    const questions = stages.flatMap((stage) => stage.questions);
    const seconds = questions.reduce((sum, question) => sum + question.timeLimitSeconds, 0);
    setText($("welcome-length"), state === "running" ? t("welcome.back") : t("welcome.length", {
      questions: count("welcome.questions", questions.length),
      parts: count("welcome.parts", stages.length),
      minutes: duration(seconds < 120 ? seconds : Math.ceil(seconds / 60) * 60),
    }));
    setText($("welcome-go"), t(state === "running" ? "welcome.resume" : "welcome.go"));
    $("welcome-parts").replaceChildren(...stages.map(drawStage));
  }
}

function drawStage(stage) {
  const seconds = stage.questions.reduce((sum, question) => sum + question.timeLimitSeconds, 0);
  const rerecords = Math.max(...stage.questions.map((question) => question.rerecords));
  const facts = [t("welcome.part", { mode: t(`mode.${stage.mode}`), time: duration(seconds) })];
  if (stage.questions.length > 1)
    facts.unshift(count("welcome.questions", stage.questions.length));
  if (rerecords > 0)
    facts.push(count("welcome.part.rerecord", rerecords));
  return make("li", { class: `part ${stage.mode}` }, make("strong", {}, stage.title), make("span", { class: "muted" }, facts.join(" · ")));
}
