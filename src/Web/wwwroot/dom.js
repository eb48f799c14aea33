// The few things that every module does with the document.

export const $ = (id) => document.getElementById(id);

/** An element with attributes and children; text is always text, never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only when it differs: a screen reader reads a live region at every change, also at one that changes nothing. */
export function setText(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

export function show(element, visible) {
  element.hidden = !visible;
}
