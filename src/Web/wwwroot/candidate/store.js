// What this tab remembers of one interview over a reload: the step, drafts, skipped questions. Gone with the tab.

export class TabStore {
  #key;
  #values;

  constructor(interviewId) {
    this.#key = `mediascore:${interviewId}`;
    try {
      this.#values = JSON.parse(sessionStorage.getItem(this.#key)) ?? {};
    } catch {
      this.#values = {}; // Storage is off: a reload begins at the welcome.
    }
  }

  get(name, otherwise = null) {
    return this.#values[name] ?? otherwise;
  }

  set(name, value) {
    this.#values[name] = value;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#values));
    } catch {
      // Off or full: it still holds until a reload.
    }
  }
}
