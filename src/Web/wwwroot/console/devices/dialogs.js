// Dialogs: the browser keeps the focus inside and gives it back; Escape and the button close them.
import { $, setText } from "../../dom.js";

export function wireCloseButtons() {
  for (const button of document.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => $(button.dataset.close).close());
}

/** Opens a dialog at its heading, so that a screen reader begins there. */
export function openDialog(id) {
  $(id).showModal();
  $(`${id}-heading`).focus();
}

/** Asks before what cannot be undone. */
export function confirm({ heading, text, yes }) {
  const dialog = $("confirm");
  setText($("confirm-heading"), heading);
  setText($("confirm-text"), text);
  setText($("confirm-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/**
 * Runs what a button asked for, once at a time; <failed> gets the problem. True where it worked. The button is busy, not disabled: a disabled one loses the focus, and with it whoever
 * works by keyboard loses their place.
 */
export async function once(button, work, failed) {
  if (button?.getAttribute("aria-busy") === "true")
    return false;
  button?.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (problem) {
    failed(problem);
    return false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** The same, and the page says why it did not work. <error>: id of the element that does. <isMeant>: false once the page shows something else, of which nothing is to be said. */
export function run(button, error, work, isMeant = () => true) {
  setText($(error), "");
  return once(button, work, (problem) => isMeant() && setText($(error), problem.message));
}
