// How one question looks at each moment of its answer; what happens is in steps/questions.js.
import { $, setText, show } from "../dom.js";
import { clock, count, duration, t } from "../words.js";

// Above it, a question is read as a text and not as a heading.
const longQuestionCharacters = 120;

/** <q>: at (null after the last question), isSpoken, mayAnswer, showsCamera, hasNoCamera. */
export function drawQuestion(page, q) {
  const { stages } = page.state;
  const text = q.at?.question.text ?? t("question.last");
  setText($("question-part"), q.at ? t("question.part", { number: q.at.number, count: stages.length, title: q.at.stage.title, mode: t(`mode.${q.at.stage.mode}`) }) : "");
  setText($("question-heading"), text);
  $("question-heading").classList.toggle("long", text.length > longQuestionCharacters);
  setText($("question-facts"), facts(q));
  setText($("question-camera"), q.at && page.wantsMedia && q.mayAnswer ? t(cameraKey(q)) : "");
  show($("question-spoken"), q.isSpoken && q.mayAnswer);
  show($("question-stage"), q.showsCamera);
}

/** <q>: as above, with view, isLast, isConnected, mayAgain, message. */
export function drawActions(page, q) {
  const waits = q.view === "ready" && q.isSpoken && q.mayAnswer && !q.isConnected;
  const go = $("question-go");
  const next = q.isLast ? "question.end" : "question.next";
  setText(go, t({ ready: "question.start", answering: q.isSpoken ? "question.finish" : "question.send", done: next, all: "question.end" }[q.view]));
  go.disabled = waits || q.isBusy;
  show(go, q.view !== "ready" || q.mayAnswer);
  show($("question-skip"), q.view === "ready");
  // Where skipping is all there is to do, it is the thing to do.
  $("question-skip").className = q.mayAnswer ? "quiet" : "primary";
  show($("question-again"), q.view === "done" && q.mayAgain);
  $("question-again").disabled = q.isBusy;
  show($("question-written"), q.at !== null && !q.isSpoken && (q.view === "answering" || q.view === "done"));
  $("step-questions").dataset.view = q.view;
  setText($("question-state"), waits ? t("question.wait") : q.view === "ready" && !q.mayAnswer ? "" : q.message);
}

export function drawSafe(page) {
  const { safeMs } = page.state;
  setText($("question-safe"), safeMs > 0 ? t("safe.upTo", { time: clock(safeMs) }) : page.wantsMedia ? t("safe.nothing") : "");
}

function facts({ at, isSpoken, mayAnswer }) {
  if (!at)
    return "";
  if (!mayAnswer)
    return t(isSpoken ? "question.noSound" : "question.noText");
  const { timeLimitSeconds, rerecords } = at.question;
  return [t("question.facts", { time: duration(timeLimitSeconds) }), rerecords === 0 ? t("question.rerecord.none") : count("question.rerecord", rerecords)].join(" · ");
}

function cameraKey({ isSpoken, showsCamera, hasNoCamera }) {
  if (!isSpoken)
    return "question.camera.none";
  return showsCamera ? "question.camera.on" : hasNoCamera ? "denied.noCamera" : "question.camera.off";
}
