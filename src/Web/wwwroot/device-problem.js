// What keeps a page from camera or microphone.
import { browserGuide } from "./browser.js";

/** Why camera or microphone did not open. <kind>: blocked, missing, busy, unknown. */
export class DeviceProblem extends Error {
  constructor(error) {
    super(error.message || error.name);
    this.kind = { NotAllowedError: "blocked", SecurityError: "blocked", NotFoundError: "missing", NotReadableError: "busy", AbortError: "busy" }[error.name] ?? "unknown";
    this.guide = browserGuide();
  }
}
