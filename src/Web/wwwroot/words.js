// The page's words, in one language at a time: texts/LANGUAGE.json, the same file from which the server renders the page; and what only one page says, texts/SET.LANGUAGE.json.

let texts = {};
let language = "en";
const listeners = new Set();
const sets = [""];

/** Words that only this page needs. Before the first speak(). */
export function useTexts(set) {
  sets.push(`${set}.`);
}

export const currentLanguage = () => language;

/** Loads a language, puts it on the page, and tells everyone who has written words of their own. */
export async function speak(wanted) {
  texts = Object.assign({}, ...(await Promise.all(sets.map((set) => load(`${set}${wanted}.json`)))));
  language = wanted;
  document.documentElement.lang = wanted;
  for (const element of document.querySelectorAll("[data-t]"))
    element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-aria-label]"))
    element.setAttribute("aria-label", t(element.dataset.tAriaLabel));
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === wanted));
  for (const listener of listeners)
    listener();
}

async function load(file) {
  const answer = await fetch(new URL(`./texts/${file}`, import.meta.url));
  if (!answer.ok)
    throw new Error(`texts/${file}: ${answer.status}`);
  return answer.json();
}

export function onLanguage(listener) {
  listeners.add(listener);
}

export const has = (key) => key in texts;

/** The text of a key with its {names} filled in. */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Texts that differ with a number: KEY.one and KEY.other. */
export const count = (key, n, values = {}) => t(`${key}.${n === 1 ? "one" : "other"}`, { n, ...values });

/** Seconds in words: "3 minutes", "1 minute 30 seconds". */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  if (minutes === 0)
    return count("time.seconds", rest);
  return rest === 0 ? count("time.minutes", minutes) : t("time.both", { minutes: count("time.minutes", minutes), seconds: count("time.seconds", rest) });
}

/** A place on the interview's clock: m:ss. */
export function clock(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Makes the two language buttons work; the address keeps the choice for a reload. */
export function wireLanguageSwitch() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", async () => {
      await speak(button.dataset.language);
      const address = new URL(location.href);
      address.searchParams.set("lang", button.dataset.language);
      history.replaceState(history.state, "", address);
    });
  }
}
