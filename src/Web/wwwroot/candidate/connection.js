// One interview's media on their way to the server, kept alive: through a changed network by an ICE restart (PATCH), through anything worse by a new session (POST).
// The server lays what arrives onto one timeline either way, so nobody outside has to know which it was.
import { Problem } from "../problem.js";
import { WhipClient, restartFragment, restartedAnswer, withSoundAskedAgain } from "./whip.js";

// A phone that changes from Wi-Fi to mobile is "disconnected" for about a second and often comes back by itself.
const patienceMs = 2000;
// Checks, DTLS and first packets take under a second on any usable path; TCP and TURN fallbacks are tried one after the other.
const connectLimitMs = 15_000;
const longestPauseMs = 8000;

/**
 * Events: "change" (state, problem). States: idle, connecting, connected, lost, full (the server has no place, or is being restarted; it said when to come again), refused, closed.
 */
export class Connection extends EventTarget {
  state = "idle";
  problem = null;

  #whip;
  #configuration;
  #limits;
  #isTaken;
  #peer = null;
  #answer = "";
  #audio = null;
  #video = null;
  #sendsVideo = false;
  #audioSender = null;
  #videoSender = null;
  #closed = false;
  #wake = () => {};

  /** <isTaken> says whether media come to the interview from elsewhere. */
  constructor({ whipUrl, iceServers, video }, isTaken) {
    super();
    this.#isTaken = isTaken;
    this.#whip = new WhipClient(whipUrl);
    this.#configuration = { bundlePolicy: "max-bundle", iceServers: iceServers ?? [] };
    this.#limits = video;
    addEventListener("online", () => this.#wake());
  }

  get isConnected() {
    return this.state === "connected";
  }

  /** Begins to connect and keeps at it until close(). A track may be null where the candidate did not agree to it. */
  open({ audio, video }) {
    this.#audio = audio;
    this.#video = video;
    this.#sendsVideo = video !== null;
    if (this.state === "idle")
      void this.#run();
  }

  /** Other tracks of the same kinds: another microphone, the camera on or off (null). What was agreed on with the server stays. */
  async replace({ audio, video }) {
    this.#audio = audio;
    this.#video = video;
    await this.#audioSender?.replaceTrack(audio);
    await this.#videoSender?.replaceTrack(video);
  }

  /** Round trip and loss as the server reports them (RTCP), or null while no report has come. */
  async measure() {
    if (!this.#peer)
      return null;
    let rttMs = null;
    let lossPercent = null;
    for (const entry of (await this.#peer.getStats()).values()) {
      if (entry.type === "remote-inbound-rtp") {
        rttMs = entry.roundTripTime === undefined ? rttMs : Math.max(rttMs ?? 0, entry.roundTripTime * 1000);
        lossPercent = Math.max(lossPercent ?? 0, (entry.fractionLost ?? 0) * 100);
      } else if (entry.type === "candidate-pair" && entry.nominated && rttMs === null && entry.currentRoundTripTime !== undefined) {
        rttMs = entry.currentRoundTripTime * 1000;
      }
    }

    return rttMs === null ? null : { rttMs, lossPercent: lossPercent ?? 0 };
  }

  /** Ends it for good: the interview is over, or the page goes away. */
  close() {
    this.#closed = true;
    this.#drop();
    this.#whip.close();
    this.#set("closed");
    this.#wake();
  }

  async #run() {
    this.#set("connecting");
    for (let failures = 0; !this.#closed;) {
      try {
        if (!(await this.#restart()))
          await this.#post();
        if (this.#closed)
          return;
        failures = 0;
        this.#set("connected");
        await this.#untilLost();
        if (this.#closed)
          return;
        this.#set("lost");
      } catch (problem) {
        if (this.#closed)
          return;
        if (!(problem instanceof Problem) || !problem.isPassing) {
          this.#drop();
          this.#set("refused", problem);
          return;
        }

        failures++;
        const pauseMs = problem.retryAfterSeconds * 1000 || Math.min(longestPauseMs, 500 * 2 ** failures);
        this.#set(problem.status === 503 ? "full" : this.state === "connected" ? "lost" : this.state === "full" ? "connecting" : this.state, problem);
        await this.#pause(pauseMs);
      }
    }
  }

  async #post() {
    this.#drop();
    const peer = new RTCPeerConnection(this.#configuration);
    this.#peer = peer;
    this.#audioSender = this.#audio ? peer.addTransceiver(this.#audio, { direction: "sendonly" }).sender : null;
    this.#videoSender = this.#sendsVideo ? peer.addTransceiver(this.#video ?? "video", { direction: "sendonly", sendEncodings: [this.#encoding()] }).sender : null;
    await offerOf(peer);
    this.#answer = await this.#whip.offer(peer.localDescription.sdp);
    await peer.setRemoteDescription({ type: "answer", sdp: this.#answer });
    if (!(await this.#until((state) => state === "connected", connectLimitMs)))
      throw new Problem(0, "no-path", "");
  }

  /** True when the same session goes on over a new path; false when a new one is needed. */
  async #restart() {
    const peer = this.#peer;
    if (!peer || !this.#whip.isOpen)
      return false;
    try {
      await offerOf(peer, { iceRestart: true });
      const fragment = await this.#whip.restart(restartFragment(peer.localDescription.sdp));
      this.#answer = restartedAnswer(this.#answer, fragment);
      await peer.setRemoteDescription({ type: "answer", sdp: this.#answer });
      return await this.#until((state) => state === "connected", connectLimitMs / 2);
    } catch (problem) {
      if (problem instanceof Problem && problem.isPassing)
        throw problem; // No network at all: the session may still be there when it is back.
      // The session is gone and another one is there: a second window has it. Two that take it from each other would end no interview well.
      if (problem.status === 404 && (await this.#isTaken()))
        throw new Problem(409, "taken-elsewhere", "");
      return false;
    }
  }

  /** Until the path is broken and does not come back by itself; meanwhile what is said is at risk, so the candidate is told at once. */
  async #untilLost() {
    for (;;) {
      const broken = await this.#until((state) => state !== "connected" && state !== "connecting");
      if (broken !== "disconnected")
        return;
      this.#set("lost");
      if ((await this.#until((state) => state !== "disconnected", patienceMs)) !== "connected")
        return;
      this.#set("connected");
    }
  }

  /** Waits for a state of the browser's connection. Returns it, or false when the time is up or the connection is dropped. */
  #until(wanted, limitMs = 0) {
    const peer = this.#peer;
    return new Promise((resolve) => {
      let timer = 0;
      const done = (result) => {
        clearTimeout(timer);
        peer?.removeEventListener("connectionstatechange", check);
        resolve(result);
      };
      const check = () => {
        if (!peer || peer.connectionState === "closed")
          done(false);
        else if (wanted(peer.connectionState))
          done(peer.connectionState);
      };
      peer?.addEventListener("connectionstatechange", check);
      if (limitMs > 0)
        timer = setTimeout(() => done(false), limitMs);
      check();
    });
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #encoding() {
    const height = this.#video?.getSettings().height ?? this.#limits.maxHeight;
    return {
      maxBitrate: this.#limits.maxBitrate,
      maxFramerate: this.#limits.maxFramerate,
      scaleResolutionDownBy: Math.max(1, height / this.#limits.maxHeight),
    };
  }

  #drop() {
    this.#peer?.close();
    this.#peer = null;
  }

  #set(state, problem = null) {
    const changed = state !== this.state || problem !== this.problem;
    this.state = state;
    this.problem = problem;
    if (changed)
      this.dispatchEvent(new Event("change"));
  }
}

/** Sets the browser's offer with what browsers don't offer by themselves; where one doesn't take it, its own. */
async function offerOf(peer, options) {
  const offer = await peer.createOffer(options);
  try {
    await peer.setLocalDescription({ type: "offer", sdp: withSoundAskedAgain(offer.sdp) });
  } catch {
    await peer.setLocalDescription(offer);
  }
}
