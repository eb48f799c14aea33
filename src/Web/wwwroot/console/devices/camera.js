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
  #asked = 0; // How often it was asked for or closed: whoever is asked for the camera may take their time.

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

  /** False where it was closed, or asked for again, in the meantime. Throws a DeviceProblem. <id>: a camera of list(), or null. */
  async open(id = null) {
    this.close();
    const mine = this.#asked;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { ...(id ? { deviceId: { exact: id } } : { facingMode: "user" }), width: { ideal: idealWidth }, height: { ideal: idealHeight } },
      });
    } catch (error) {
      if (this.#asked !== mine)
        return false;
      throw new DeviceProblem(error);
    }

    // The browser's question was answered after the dialog had gone: nothing may go on looking.
    if (this.#asked !== mine) {
      stop(stream);
      return false;
    }

    this.#stream = stream;
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (error) {
      // Taken away again while it began.
      if (this.#asked === mine)
        throw new DeviceProblem(error);
    }

    return this.#asked === mine;
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
    this.#asked++;
    stop(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? [])
    track.stop();
}
