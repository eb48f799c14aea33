// One event as a card: who, where, how it ended, and how sure the machine was.
import { make } from "../../dom.js";
import { has, t } from "../../words.js";
import { icon } from "./icons.js";
import { dateTime, timeOfDay } from "./times.js";

/** What kind of mark an event has: how a decision ended, else what it is about. */
export const markOf = (event) => (event.outcome === "none" ? event.kind : event.outcome);

export const wordOfMark = (event) => t(event.outcome === "none" ? `doors.kind.${event.kind}` : `doors.outcome.${event.outcome}`);

export const wordOfMethod = (method) => method.split("+").map((part) => (has(`doors.method.${part}`) ? t(`doors.method.${part}`) : part)).join(" + ");

/** Who it was, as far as anybody knows. Who was not compared, or in vain waited for the answer, may well be known. */
export const whoOf = (event) => event.personName ?? (event.personNumber ? t("doors.number", { number: event.personNumber }) : t(event.outcome === "not-recognised" ? "doors.nobody" : "doors.somebody"));

/** A door that is unlocked or a battery that runs low is nobody's. */
export const isAboutSomebody = (event) => event.personNumber !== null || event.kind === "access" || event.kind === "attendance";

/** Where the device's name does not say it already. */
export const doorOf = (event) => (event.door && event.door !== event.device ? t("doors.at", { door: event.door }) : "");

export function decisionCard(event, thresholdOf) {
  const title = make("h2", { id: `event-${event.id}` }, isAboutSomebody(event) ? whoOf(event) : event.device);
  const mark = markOf(event);
  return make("li", { class: "card decision", "data-mark": mark, "aria-labelledby": title.id },
    pictureOf(event),
    make("div", { class: "decision-words" },
      make("p", { class: `mark ${mark}` }, icon(mark), wordOfMark(event)),
      title,
      make("p", { class: "muted" }, placeOf(event), placeOf(event) && " · ", make("time", { datetime: event.occurredAt, title: dateTime(event.occurredAt) }, timeOfDay(event.occurredAt))),
      event.reason ? make("p", { class: "reason" }, event.reason) : null),
    make("div", { class: "decision-signs" },
      event.similarity === null ? null : bar(t("doors.similarity"), event.similarity, thresholdOf(event.deviceId)),
      event.liveness === null ? null : bar(t("doors.alive"), event.liveness, null),
      factsOf(event)));
}

function pictureOf(event) {
  if (event.picture)
    return make("img", { class: "face", src: event.picture, alt: t("doors.picture.alt", { who: whoOf(event) }), loading: "lazy" });
  return make("span", { class: `face drawn ${markOf(event)}` }, icon(event.kind === "access" || event.kind === "attendance" ? "person" : event.kind));
}

const placeOf = (event) => [isAboutSomebody(event) ? event.device : null, doorOf(event), event.direction && t(`doors.direction.${event.direction}`)].filter(Boolean).join(" · ");

function factsOf(event) {
  const facts = [];
  if (event.latencyMs !== null)
    facts.push(t("doors.latency", { ms: Math.round(event.latencyMs) }));
  if (event.method && event.method !== "face")
    facts.push(wordOfMethod(event.method));
  return facts.length > 0 ? make("p", { class: "small muted" }, facts.join(" · ")) : null;
}

/** A share of one as a bar, with a line at the threshold. The number is there for everybody. */
function bar(label, value, threshold) {
  const share = Math.min(1, Math.max(0, value));
  const fill = make("span", { class: "fill" });
  fill.style.width = `${(share * 100).toFixed(0)}%`;
  const track = make("span", { class: "track", "aria-hidden": "true" }, fill);
  if (threshold !== null) {
    const line = make("span", { class: "threshold" });
    line.style.left = `${(threshold * 100).toFixed(0)}%`;
    track.append(line);
  }

  return make("p", { class: "bar" }, make("span", { class: "bar-label" }, label, make("b", {}, value.toFixed(2))), track);
}
