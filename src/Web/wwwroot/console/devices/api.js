// The console's JSON interface: docs/formats/console-api.md.
import { Problem } from "../../problem.js";

const timeoutMs = 15_000;
// A telephone's photo over a slow network.
const uploadTimeoutMs = 90_000;

export class ConsoleApi {
  /** Whose devices and people; empty: the server's own. */
  site = "";

  #base;

  constructor(base) {
    this.#base = base;
  }

  status = () => this.#send("GET", "status");

  devices = () => this.#send("GET", this.#path("devices"));

  addDevice = (device) => this.#send("POST", this.#path("devices"), device);

  changeDevice = (id, change) => this.#send("PATCH", `devices/${id}`, change);

  setLogin = (id, login) => this.#send("PUT", `devices/${id}/login`, login);

  /** <action>: approve, refuse, forget-key. */
  judgeDevice = (id, action) => this.#send("POST", `devices/${id}/${action}`, {});

  removeDevice = (id) => this.#send("DELETE", `devices/${id}`);

  commands = (id) => this.#send("GET", `devices/${id}/commands?count=10`);

  command = (id, command) => this.#send("POST", `devices/${id}/commands`, command);

  events = (filter) => this.#send("GET", this.#path("events", filter));

  /** Where the same events are as a table. */
  exportAddress = (filter) => `${this.#base}/${this.#path("events.csv", filter)}`;

  people = (filter) => this.#send("GET", this.#path("people", filter));

  person = (number) => this.#send("GET", this.#path(`people/${encodeURIComponent(number)}`));

  setPerson = (person) => this.#send("POST", this.#path("people"), person);

  removePerson = (number) => this.#send("DELETE", this.#path(`people/${encodeURIComponent(number)}`));

  giveConsent = (number, source) => this.#send("POST", this.#path(`people/${encodeURIComponent(number)}/consent`), { source });

  withdrawConsent = (number) => this.#send("DELETE", this.#path(`people/${encodeURIComponent(number)}/consent`));

  block = (number, blocked) => this.#send("POST", this.#path(`people/${encodeURIComponent(number)}/block`), { blocked });

  /** <picture>: a blob of JPEG or PNG. <source>: webcam or photo. */
  enrol = (number, picture, source, lookalike = false) =>
    this.#send("POST", this.#path(`people/${encodeURIComponent(number)}/faces`, { source, lookalike: lookalike ? "true" : "" }), picture);

  removeFace = (number, id) => this.#send("DELETE", this.#path(`people/${encodeURIComponent(number)}/faces/${id}`));

  /** What happens, as it happens; the browser connects again by itself. */
  stream = () => new EventSource(`${this.#base}/${this.#path("events/stream")}`);

  #path(path, filter = {}) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ tenant: this.site, ...filter })) {
      if (value !== "" && value !== null && value !== undefined)
        query.set(name, value);
    }

    return query.size > 0 ? `${path}?${query}` : path;
  }

  async #send(method, path, body) {
    const isPicture = body instanceof Blob;
    let answer;
    try {
      answer = await fetch(`${this.#base}/${path}`, {
        method,
        headers: isPicture ? { "Content-Type": body.type } : body ? { "Content-Type": "application/json" } : {},
        body: isPicture ? body : body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(isPicture ? uploadTimeoutMs : timeoutMs),
      });
    } catch {
      throw new Problem(0, "network", "");
    }

    if (!answer.ok) {
      const problem = await Problem.of(answer);
      // The same type as a candidate's wrong link, and another thing to do about it.
      throw problem.type === "wrong-token" ? new Problem(answer.status, "console-link", "") : problem;
    }

    return answer.status === 204 ? null : answer.json();
  }
}
