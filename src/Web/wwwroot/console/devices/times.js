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

/** Day and time of an ISO 8601 instant. */
export const dateTime = (iso) => format({ dateStyle: "medium", timeStyle: "medium" }, iso);

export const timeOfDay = (iso) => format({ timeStyle: "medium" }, iso);

export const day = (iso) => format({ dateStyle: "medium" }, iso);

function format(options, iso) {
  const key = `${currentLanguage()} ${zone} ${Object.keys(options).join()}`;
  let formatter = formats.get(key);
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat(currentLanguage(), { ...options, timeZone: zone });
    } catch {
      // A zone that this browser does not know: its own is better than none.
      formatter = new Intl.DateTimeFormat(currentLanguage(), options);
    }

    formats.set(key, formatter);
  }

  return formatter.format(new Date(iso));
}
