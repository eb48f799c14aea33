// The candidate's JSON interface: docs/formats/candidate-api.md.
import { Problem } from "../problem.js";

const timeoutMs = 15_000;

export class CandidateApi {
  #base;

  constructor(base) {
    this.#base = base;
  }

  state(language) {
    return this.#send("GET", `state?lang=${language}`);
  }

  receipt(language) {
    return this.#send("GET", `receipt?lang=${language}`);
  }

  consent(modalities) {
    return this.#send("POST", "consent", { modalities });
  }

  begin(answer) {
    return this.#send("POST", "stage", { kind: "begin", ...answer });
  }

  end(answer) {
    return this.#send("POST", "stage", { kind: "end", ...answer });
  }

  write(answer, text) {
    return this.#send("POST", "written-answer", { ...answer, text });
  }

  finish() {
    return this.#send("POST", "end", {});
  }

  /** Server-sent events; the browser connects again by itself. */
  events(handlers) {
    const source = new EventSource(`${this.#base}/events`);
    for (const [name, handler] of Object.entries(handlers))
      source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
    return source;
  }

  async #send(method, path, body) {
    let answer;
    try {
      answer = await fetch(`${this.#base}/${path}`, {
        method,
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new Problem(0, "network", "");
    }

    if (!answer.ok)
      throw await Problem.of(answer);
    return answer.json();
  }
}

/** Asks again while the network or the server is away; a refusal is thrown at once. The server takes each request twice as once. */
export async function persist(request, { attempts = 5, waitMs = 1000 } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (problem) {
      if (!(problem instanceof Problem) || !problem.isPassing || attempt === attempts)
        throw problem;
      await new Promise((resolve) => setTimeout(resolve, (problem.retryAfterSeconds * 1000 || waitMs) * attempt));
    }
  }
}
