// Times as people read them: in the site's zone, in the page's language.
import { currentLanguage } from "../../words.js";

let zone = "UTC";
const formats = new Map();

export function useZone(name) {
  zone = name;
}

export const currentZone = () => zone;

/** Every zone that the browser knows; the site's own first. */
export function allZones() {
  const known = Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([zone, "UTC", ...known])];
}

/** Day and time of an ISO 8601 instant, in the site's zone or in another. */
export const dateTime = (iso, where = zone) => format({ dateStyle: "medium", timeStyle: "medium" }, iso, where);

export const timeOfDay = (iso) => format({ timeStyle: "medium" }, iso);

export const day = (iso) => format({ dateStyle: "medium" }, iso);

/** The page's language as its reader's country writes times: whoever reads British English expects no "PM". */
const locale = () => navigator.languages.find((one) => one.split("-")[0] === currentLanguage()) ?? currentLanguage();

function format(options, iso, where = zone) {
  const key = `${currentLanguage()} ${where} ${Object.keys(options).join()}`;
  let formatter = formats.get(key);
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat(locale(), { ...options, timeZone: where });
    } catch {
      // A zone that this browser does not know: its own is better than none.
      formatter = new Intl.DateTimeFormat(locale(), options);
    }

    formats.set(key, formatter);
  }

  return formatter.format(new Date(iso));
}
