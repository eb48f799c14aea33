// Camera and microphone of one question: what it needs and no more, and heard by the server only while it is answered.
import { $ } from "../dom.js";
import { LevelMeter } from "./level.js";

export class QuestionDevices {
  /** The camera was wanted and did not open: the answer goes by voice, and the page says so. */
  hasNoCamera = false;

  #page;
  #mode = "text";
  #meter = new LevelMeter($("question-level"));

  constructor(page) {
    this.#page = page;
  }

  get showsCamera() {
    return this.#mode === "video" && this.#page.wantsVideo && !this.hasNoCamera;
  }

  /** The camera is on in video questions only, and really off in all others. */
  async turnTo(mode) {
    const { media, connection, wantsVideo } = this.#page;
    this.#mode = mode;
    this.hasNoCamera = false;
    this.close();
    if (mode === "video" && wantsVideo) {
      try {
        await media.open({ audio: false, video: true });
      } catch {
        this.hasNoCamera = true;
      }
    } else {
      media.closeCamera();
    }

    await connection?.replace({ audio: media.sentAudio, video: media.sentVideo });
    media.preview($("question-preview"));
    if (mode === "text")
      this.#meter.stop();
    else
      this.#meter.start(media.audio);
  }

  /** The server hears and sees from now on. */
  open() {
    this.#page.media.send({ audio: this.#mode !== "text", video: this.showsCamera });
  }

  close() {
    this.#page.media.send({ audio: false, video: false });
  }

  leave() {
    this.close();
    this.#meter.stop();
  }
}
