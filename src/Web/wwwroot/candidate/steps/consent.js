// Consent, one kind of data a line. Nothing is ticked beforehand; what the policy forbids is shown as not done.
import { $, make, setText, show } from "../../dom.js";
import { currentLanguage, has, t } from "../../words.js";

export class ConsentStep {
  #page;
  #ticked = new Set();

  constructor(page) {
    this.#page = page;
    $("consent-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  enter() {
    setText($("consent-error"), "");
    if (!this.#page.state.consentPending)
      this.#ticked = new Set(this.#page.state.permitted);
    this.draw();
  }

  draw() {
    const { modalities } = this.#page.state;
    setText($("consent-lead"), t(this.#isSettled ? "consent.given" : "consent.lead"));
    $("consent-list").replaceChildren(...modalities.filter((m) => m.allowed).map((m) => this.#drawChoice(m)));
    const forbidden = modalities.filter((m) => !m.allowed);
    show($("consent-not"), forbidden.length > 0);
    $("consent-not-list").replaceChildren(...forbidden.map(drawForbidden));
    this.#drawEffect();
  }

  /** Consent that came with the interview, or that the candidate gave and can still change: only the first has no boxes. */
  get #isSettled() {
    return !this.#page.state.consentPending && !this.#page.store.get("consentAsked");
  }

  #drawChoice({ modality, requires }) {
    const details = make("dl", { id: `about-${modality}` }, ...["what", "why", "without"].map((part) =>
      make("div", {}, make("dt", {}, t(`consent.${part}`)), make("dd", {}, t(`modality.${modality}.${part}`)))));
    const name = t(`modality.${modality}`);
    if (this.#isSettled) {
      const agreed = this.#ticked.has(modality);
      return make("div", { class: `choice ${agreed ? "agreed" : "refused"}` },
        make("p", { class: "choice-head" }, make("strong", {}, name), " – ", t(agreed ? "consent.agreed" : "consent.notAgreed")), details);
    }

    const unmet = requires && !this.#ticked.has(requires) ? requires : null;
    const box = make("input", {
      type: "checkbox", id: `consent-${modality}`, "aria-describedby": `about-${modality}${unmet ? ` needs-${modality}` : ""}`, disabled: Boolean(unmet),
    });
    box.checked = this.#ticked.has(modality) && !unmet;
    box.addEventListener("change", () => this.#tick(modality, box.checked));
    return make("div", { class: `choice${unmet ? " unmet" : ""}` },
      make("div", { class: "choice-head" }, box, make("label", { for: `consent-${modality}` }, make("strong", {}, name))),
      unmet ? make("p", { class: "needs small", id: `needs-${modality}` }, t(`consent.needs.${unmet}`)) : null,
      details);
  }

  #tick(modality, agreed) {
    this.#page.store.set("consentAsked", true);
    if (agreed) {
      this.#ticked.add(modality);
    } else {
      this.#ticked.delete(modality);
      for (const dependent of this.#page.state.modalities.filter((m) => m.requires === modality))
        this.#ticked.delete(dependent.modality);
    }

    this.draw();
    $(`consent-${modality}`).focus(); // The list was drawn anew.
  }

  #drawEffect() {
    const questions = this.#page.state.stages.flatMap((stage) => stage.questions.map(() => stage.mode));
    const all = questions.length;
    const without = (modality) => !this.#ticked.has(modality);
    const offered = (modality) => this.#page.state.modalities.some((m) => m.modality === modality && m.allowed);
    const spoken = questions.filter((mode) => mode !== "text").length;
    const written = all - spoken;
    const effects = [];
    if (without("audio") && without("text")) {
      effects.push(t("consent.effect.nothing"));
    } else {
      if (without("audio") && spoken > 0)
        effects.push(t("consent.effect.audio", { n: spoken, all }));
      else if (without("transcript") && spoken > 0)
        effects.push(t("consent.effect.transcript"));
      if (without("video") && offered("video") && !without("audio") && questions.includes("video"))
        effects.push(t("consent.effect.video"));
      if (without("text") && written > 0)
        effects.push(t("consent.effect.text", { n: written, all }));
    }

    $("consent-effect").replaceChildren(...(effects.length > 0 ? effects : [t("consent.effect.all")]).map((effect) => make("p", {}, effect)));
  }

  async #save() {
    if (this.#isSettled) {
      this.#page.afterConsent();
      return;
    }

    const go = $("consent-go");
    go.disabled = true;
    try {
      this.#page.state = await this.#page.api.consent([...this.#ticked]);
      await this.#page.refresh();
      this.#page.afterConsent();
    } catch (problem) {
      if (problem.type === "consent-settled") {
        this.#page.store.set("consentAsked", false);
        await this.#page.refresh();
        this.enter();
      }

      setText($("consent-error"), t("consent.error", { reason: problem.message }));
    } finally {
      go.disabled = false;
    }
  }
}

/** Reasons come in English with their legal source; other languages have their own words for those that we ship. */
export function reasonText(reason) {
  const key = `reason.${reason}`;
  return has(key) ? t(key) : reason;
}

function drawForbidden({ modality, reason }) {
  const text = reasonText(reason);
  return make("li", {}, make("strong", {}, t(`modality.${modality}`)), make("span", { class: "muted", lang: text === reason && currentLanguage() !== "en" ? "en" : null }, ` – ${text}`));
}
