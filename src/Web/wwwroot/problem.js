// What a request came to that was refused, or that got no answer.
import { has, t } from "./words.js";

/** A refusal (RFC 9457) or a network that did not answer, in the page's words. */
export class Problem extends Error {
  constructor(status, type, detail, retryAfterSeconds) {
    const key = `problem.${type}`;
    super(has(key) ? t(key) : detail || t("problem.status", { status }));
    this.status = status;
    this.type = type;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Asking again may help: nobody has said no, or what is missing is on its way. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.type === "media-not-connected";
  }

  static async of(answer) {
    let body = {};
    try {
      body = await answer.json();
    } catch {
      // A proxy's own page: the status has to do.
    }

    return new Problem(answer.status, String(body.type ?? "").split(":").pop() || "unknown", body.detail ?? "", Number(answer.headers.get("Retry-After")) || 0);
  }
}
