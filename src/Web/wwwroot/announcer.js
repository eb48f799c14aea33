// Speaks to screen readers what others see.
import { $ } from "./dom.js";

const clearAfterMs = 4000; // Long enough to be queued by every reader; then gone, so that reading through the page does not meet it.
const timers = new Map();

function say(region, text) {
  region.textContent = "";
  // The region must change twice: the same words said again are otherwise no change.
  requestAnimationFrame(() => {
    region.textContent = text;
  });
  clearTimeout(timers.get(region));
  timers.set(region, setTimeout(() => { region.textContent = ""; }, clearAfterMs));
}

/** When nothing else is being read. */
export const announce = (text) => say($("polite"), text);

/** At once. */
export const interrupt = (text) => say($("assertive"), text);
