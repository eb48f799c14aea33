// The operator's camera: opened for an enrolment, and really off when it is over.
import { DeviceProblem } from "../../device-problem.js";

// A face that fills a third of it has four times the pixels that are compared.
const idealWidth = 1280;
const idealHeight = 720;

// The whole picture is sent: which face is meant, and whether there are two, is the server's to say.
const jpegQuality = 0.92;

export class Camera {
  #video;
  #stream = null;

  constructor(video) {
    this.#video = video;
  }

  /** Pages without HTTPS get no camera. */
  static get isAvailable() {
    return window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get isOpen() {
    return this.#stream !== null;
  }

  /** Throws a DeviceProblem. <id>: a camera of list(), or null. */
  async open(id = null) {
    this.close();
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        video: { ...(id ? { deviceId: { exact: id } } : { facingMode: "user" }), width: { ideal: idealWidth }, height: { ideal: idealHeight } },
      });
    } catch (error) {
      throw new DeviceProblem(error);
    }

    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  get currentId() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  }

  static async list() {
    return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput" && device.deviceId);
  }

  /** What it sees now, as JPEG; null while there is no picture yet. */
  async picture() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!width || !this.#stream)
      return null;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(this.#video, 0, 0);
    return canvas.convertToBlob({ type: "image/jpeg", quality: jpegQuality });
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? [])
      track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }
}
