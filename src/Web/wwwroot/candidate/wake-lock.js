// Keeps a phone's screen on while questions are answered: a screen that goes dark stops camera and microphone.

export class WakeLock {
  #lock = null;
  #isWanted = false;

  constructor() {
    // The browser lets go of it when the page is hidden.
    document.addEventListener("visibilitychange", () => this.#isWanted && document.visibilityState === "visible" && void this.#take());
  }

  hold() {
    this.#isWanted = true;
    void this.#take();
  }

  release() {
    this.#isWanted = false;
    void this.#lock?.release();
    this.#lock = null;
  }

  async #take() {
    try {
      this.#lock = await navigator.wakeLock?.request("screen");
    } catch {
      // Saving power matters more to this device; the candidate sees the screen go dark as always.
    }
  }
}
