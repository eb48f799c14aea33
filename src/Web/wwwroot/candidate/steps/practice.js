// Ten seconds recorded in this browser and played back. Nothing of it is sent.
import { $, setText, show } from "../../dom.js";
import { t } from "../../words.js";
import { LevelMeter } from "../level.js";

const lengthSeconds = 10;

export class PracticeStep {
  #page;
  #meter = new LevelMeter($("practice-level"));
  #recorder = null;
  #address = null;
  #timer = 0;
  #text = () => "";

  constructor(page) {
    this.#page = page;
    $("practice-record").addEventListener("click", () => this.#record());
    $("practice-stop").addEventListener("click", () => this.#recorder?.stop());
    $("practice-go").addEventListener("click", () => page.go("questions"));
  }

  enter() {
    const { media } = this.#page;
    this.#meter.start(media.audio);
    media.preview($("practice-live"));
    this.#say(window.MediaRecorder ? () => "" : () => t("practice.unable"));
    this.#showPlayback(false);
    this.draw();
  }

  leave() {
    clearInterval(this.#timer);
    if (this.#recorder?.state === "recording") {
      this.#recorder.onstop = null;
      this.#recorder.stop();
    }

    this.#recorder = null;
    this.#forget();
    this.#meter.stop();
    $("practice-live").srcObject = null;
  }

  draw() {
    setText($("practice-record"), t(this.#address ? "practice.recordAgain" : "practice.record"));
    show($("practice-record"), Boolean(window.MediaRecorder) && this.#recorder?.state !== "recording");
    show($("practice-stop"), this.#recorder?.state === "recording");
    setText($("practice-state"), this.#text());
  }

  #record() {
    const { media } = this.#page;
    const tracks = [media.audio, media.video].filter(Boolean);
    const chunks = [];
    this.#forget();
    this.#showPlayback(false);
    try {
      this.#recorder = new MediaRecorder(new MediaStream(tracks));
    } catch {
      this.#recorder = null;
      this.#say(() => t("practice.unable"));
      return;
    }

    this.#recorder.ondataavailable = (event) => chunks.push(event.data);
    this.#recorder.onstop = () => this.#play(new Blob(chunks, { type: chunks[0]?.type }));
    this.#recorder.start();
    const endsAt = performance.now() + lengthSeconds * 1000;
    const tick = () => {
      const left = Math.ceil((endsAt - performance.now()) / 1000);
      if (left <= 0)
        this.#recorder.stop();
      else
        setText($("practice-stop"), `${t("practice.stop")} · ${left}`);
    };
    this.#say(() => t("practice.recording"));
    this.draw();
    tick();
    this.#timer = setInterval(tick, 250);
    $("practice-stop").focus();
  }

  #play(recording) {
    clearInterval(this.#timer);
    this.#address = URL.createObjectURL(recording);
    $("practice-playback").src = this.#address;
    this.#showPlayback(true);
    this.#say(() => t("practice.done"));
    this.draw();
    $("practice-playback").focus();
  }

  #showPlayback(visible) {
    const hasPicture = this.#page.media.video !== null;
    show($("practice-live"), !visible && hasPicture);
    show($("practice-playback"), visible);
    show($("practice-stage"), visible || hasPicture);
    $("practice-stage").classList.toggle("sound-only", !hasPicture);
  }

  #forget() {
    if (this.#address)
      URL.revokeObjectURL(this.#address);
    this.#address = null;
    $("practice-playback").removeAttribute("src");
  }

  #say(text) {
    this.#text = text;
    setText($("practice-state"), text());
  }
}
