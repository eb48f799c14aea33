// The candidate's camera and microphone. Each track exists twice: the local one feeds preview, level and practice and never leaves this device; its clone is sent,
// and is silent and black except while an answer is given.
import { DeviceProblem } from "../device-problem.js";

export class Media {
  audio = null;
  video = null;
  sentAudio = null;
  sentVideo = null;

  #limits;
  #microphoneId;
  #cameraId;

  constructor(limits) {
    this.#limits = limits;
  }

  /** Opens what is wanted and not open yet. Throws a DeviceProblem. */
  async open({ audio, video }) {
    const needsAudio = audio && !isLive(this.audio);
    const needsVideo = video && !isLive(this.video);
    if (!needsAudio && !needsVideo)
      return;
    const stream = await capture({
      audio: needsAudio && { deviceId: this.#microphoneId ? { exact: this.#microphoneId } : undefined },
      video: needsVideo && {
        deviceId: this.#cameraId ? { exact: this.#cameraId } : undefined,
        facingMode: "user",
        height: { ideal: this.#limits.maxHeight },
        aspectRatio: { ideal: 4 / 3 },
        frameRate: { ideal: this.#limits.maxFramerate },
      },
    });
    if (needsAudio) {
      this.audio = stream.getAudioTracks()[0];
      this.sentAudio = silentClone(this.audio);
    }

    if (needsVideo) {
      this.video = stream.getVideoTracks()[0];
      this.sentVideo = silentClone(this.video);
    }
  }

  async chooseMicrophone(id) {
    this.#microphoneId = id;
    this.closeMicrophone();
    await this.open({ audio: true, video: false });
  }

  async chooseCamera(id) {
    this.#cameraId = id;
    this.closeCamera();
    await this.open({ audio: false, video: true });
  }

  /** What the server may hear and see from now on. */
  send({ audio, video }) {
    if (this.sentAudio)
      this.sentAudio.enabled = audio;
    if (this.sentVideo)
      this.sentVideo.enabled = video;
  }

  closeMicrophone() {
    this.audio?.stop();
    this.sentAudio?.stop();
    this.audio = this.sentAudio = null;
  }

  /** Really off: the camera's light goes out. */
  closeCamera() {
    this.video?.stop();
    this.sentVideo?.stop();
    this.video = this.sentVideo = null;
  }

  close() {
    this.closeMicrophone();
    this.closeCamera();
  }

  /** Shows the local picture in a video element; a muted one may play without a gesture. */
  preview(element) {
    element.srcObject = this.video ? new MediaStream([this.video]) : null;
    if (this.video)
      element.play().catch(() => {
        // The element was taken off the page meanwhile.
      });
  }

  static async list(kind) {
    return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === kind && device.deviceId);
  }
}

const isLive = (track) => track?.readyState === "live";

function silentClone(track) {
  const clone = track.clone();
  clone.enabled = false;
  return clone;
}

async function capture(constraints) {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    if (error.name !== "OverconstrainedError")
      throw new DeviceProblem(error);
    // The chosen device was unplugged: any other is better than none.
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: Boolean(constraints.audio), video: Boolean(constraints.video) });
    } catch (again) {
      throw new DeviceProblem(again);
    }
  }
}
