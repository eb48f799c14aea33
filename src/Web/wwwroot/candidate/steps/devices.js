// Camera, light, microphone and the way to the server, each checked on the real thing.
import { $, make, setText, show } from "../../dom.js";
import { t } from "../../words.js";
import { LevelMeter, MicrophoneVerdict } from "../level.js";
import { measureLight } from "../light.js";
import { Media } from "../media.js";

const checkMs = 1000;
// Receiver reports come about once a second; three of them make a figure.
const reportsNeeded = 3;

export class DevicesStep {
  #page;
  #meter;
  #microphone = new MicrophoneVerdict();
  #timer = 0;
  #problem = null;
  #measured = [];

  constructor(page) {
    this.#page = page;
    this.#meter = new LevelMeter($("devices-level"), (level) => this.#microphone.add(level));
    $("devices-allow").addEventListener("click", () => void this.#open());
    $("devices-go").addEventListener("click", () => page.go(this.#hasBegun ? "questions" : "practice"));
    $("camera-choice").addEventListener("change", (event) => void this.#change(() => page.media.chooseCamera(event.target.value)));
    $("microphone-choice").addEventListener("change", (event) => void this.#change(() => page.media.chooseMicrophone(event.target.value)));
  }

  enter() {
    this.#measured = [];
    this.#microphone = new MicrophoneVerdict();
    this.draw();
    if (this.#isOpen)
      void this.#begin();
  }

  leave() {
    clearInterval(this.#timer);
    this.#meter.stop();
    $("devices-preview").srcObject = null;
  }

  draw() {
    const { wantsAudio, wantsVideo } = this.#page;
    setText($("devices-heading"), t(wantsVideo ? "devices.heading" : "devices.heading.microphone"));
    setText($("devices-lead"), t("devices.lead"));
    setText($("devices-allow"), t(this.#problem ? "devices.again" : wantsAudio && wantsVideo ? "devices.allow" : wantsVideo ? "devices.allow.camera" : "devices.allow.microphone"));
    show($("devices-ask"), !this.#isOpen);
    show($("devices-checks"), this.#isOpen);
    show($("devices-go"), this.#isOpen);
    show($("devices-lead"), !this.#isOpen);
    // Consent is settled once media have come: there is nothing to go back to.
    show($("devices-back"), !this.#hasBegun);
    show($("check-picture"), wantsVideo);
    show($("check-camera"), wantsVideo);
    show($("check-light"), wantsVideo);
    show($("check-microphone"), wantsAudio);
    this.#drawProblem();
    if (this.#isOpen)
      void this.#check();
  }

  connectionChanged() {
    void this.#check();
  }

  get #hasBegun() {
    return Object.keys(this.#page.state.position.attempts).length > 0;
  }

  get #isOpen() {
    const { wantsAudio, wantsVideo, media } = this.#page;
    return (!wantsAudio || media.audio !== null) && (!wantsVideo || media.video !== null);
  }

  async #open() {
    const { media } = this.#page;
    const allow = $("devices-allow");
    allow.disabled = true;
    setText($("devices-lead"), t("devices.asking"));
    try {
      await media.open({ audio: this.#page.wantsAudio, video: this.#page.wantsVideo });
      this.#problem = null;
    } catch (problem) {
      this.#problem = problem;
    }

    allow.disabled = false;
    this.draw();
    if (this.#isOpen) {
      await this.#begin();
      $("devices-heading").focus();
    }
  }

  async #begin() {
    const { media } = this.#page;
    media.preview($("devices-preview"));
    this.#meter.start(media.audio);
    this.#page.connect();
    await this.#listDevices();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#check(), checkMs);
    await this.#check();
  }

  async #change(choose) {
    try {
      await choose();
      this.#problem = null;
    } catch (problem) {
      this.#problem = problem;
    }

    const { media, connection, wantsVideo } = this.#page;
    this.#microphone = new MicrophoneVerdict();
    await connection?.replace({ audio: media.sentAudio, video: wantsVideo ? media.sentVideo : null });
    media.preview($("devices-preview"));
    this.#meter.start(media.audio);
    this.draw();
  }

  async #listDevices() {
    for (const [id, kind, track] of [["camera-choice", "videoinput", this.#page.media.video], ["microphone-choice", "audioinput", this.#page.media.audio]]) {
      const current = track?.getSettings().deviceId;
      const devices = await Media.list(kind);
      $(id).replaceChildren(...devices.map((device, index) =>
        make("option", { value: device.deviceId, selected: device.deviceId === current }, device.label || `${index + 1}`)));
      show($(id).closest("label"), devices.length > 1);
    }
  }

  async #check() {
    const { media, connection } = this.#page;
    if (media.video) {
      const settings = media.video.getSettings();
      const light = measureLight($("devices-preview"));
      mark("camera", light === null ? null : "ok", light === null ? t("devices.camera.none") : t("devices.camera.ok", { width: settings.width, height: settings.height }));
      mark("light", light === "ok" ? "ok" : light === null ? null : "warn", light === null ? "" : t(`devices.light.${light}`));
    }

    if (media.audio)
      mark("microphone", this.#microphone.key === "ok" ? "ok" : this.#microphone.key === "say" ? null : "warn", this.#microphone.text);
    const network = await this.#measureNetwork(connection);
    mark("network", network.mark, network.text);
    const isGood = network.mark !== null && (!media.audio || this.#microphone.key === "ok");
    setText($("devices-go"), t(isGood ? "devices.go" : "devices.go.anyway"));
  }

  async #measureNetwork(connection) {
    if (!connection)
      return { mark: null, text: "" };
    if (connection.state === "full") {
      const key = connection.problem?.type === "restarting" ? "devices.network.restarting" : "devices.network.full";
      return { mark: "warn", text: t(key, { seconds: Math.ceil(connection.problem?.retryAfterSeconds || 5) }) };
    }

    if (!connection.isConnected && connection.problem) {
      const reason = connection.problem.type === "no-path" ? t("devices.network.blocked") : connection.problem.message;
      return { mark: "warn", text: connection.state === "refused" ? reason : t("devices.network.failed", { reason: `${reason} ` }) };
    }

    if (!connection.isConnected)
      return { mark: null, text: t("devices.network.connecting") };
    const report = await connection.measure();
    if (report)
      this.#measured = [...this.#measured.slice(-9), report];
    if (this.#measured.length < reportsNeeded)
      return { mark: null, text: t("devices.network.measuring") };
    const rtt = this.#measured.map((m) => m.rttMs).sort((a, b) => a - b)[Math.floor(this.#measured.length / 2)];
    const loss = this.#measured.reduce((sum, m) => sum + m.lossPercent, 0) / this.#measured.length;
    // Loss is mended by sending again, which costs a round trip: both together decide how late the last word is.
    const verdict = loss < 2 && rtt < 250 ? "good" : loss < 8 && rtt < 600 ? "fair" : "poor";
    return { mark: verdict === "poor" ? "warn" : "ok", text: t(`devices.network.${verdict}`, { rtt: Math.max(1, Math.round(rtt)), loss: loss < 10 ? loss.toFixed(1).replace(".0", "") : Math.round(loss) }) };
  }

  #drawProblem() {
    const note = $("devices-denied");
    const withoutCamera = this.#page.store.get("withoutCamera");
    show(note, this.#problem !== null || withoutCamera);
    if (this.#problem === null) {
      note.replaceChildren(withoutCamera ? make("p", {}, t("denied.noCamera")) : "");
      return;
    }

    const { kind, guide, message } = this.#problem;
    const lines = kind === "blocked" ? [t("denied.blocked"), t(`denied.${guide}`)] : [t(`denied.${kind}`, { reason: message })];
    note.replaceChildren(...lines.map((line) => make("p", {}, line)));
    if (!this.#page.wantsVideo || !this.#page.wantsAudio)
      return;
    // Pictures are never needed to answer.
    const without = make("button", { type: "button", class: "secondary" }, t("devices.withoutCamera"));
    without.addEventListener("click", () => {
      this.#page.store.set("withoutCamera", true);
      void this.#open();
    });
    note.append(without);
  }
}

/** <state>: "ok", "warn", or null while it is not known. The words say it, too. */
function mark(name, state, text) {
  $(`check-${name}`).dataset.state = state ?? "";
  setText($(`${name}-result`), text);
}
