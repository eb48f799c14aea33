// A WHIP client (RFC 9725): HTTP only. What is sent, and when to try again, is decided in connection.js.
import { Problem } from "../problem.js";

const offerTimeoutMs = 10_000;

export class WhipClient {
  #endpoint;
  #resource = null; // The session's own address, from Location.

  constructor(endpoint) {
    this.#endpoint = endpoint;
  }

  get isOpen() {
    return this.#resource !== null;
  }

  /** POST: the browser's offer goes, the server's answer comes. Candidates are not waited for: an ICE-lite server learns them from the checks. */
  async offer(sdp) {
    const answer = await request(this.#endpoint, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: sdp });
    const location = answer.headers.get("Location");
    if (!location)
      throw new Problem(answer.status, "whip", "The answer has no Location.");
    this.#resource = new URL(location, new URL(this.#endpoint, document.baseURI)).href;
    return answer.text();
  }

  /** PATCH: new ICE credentials for the same session (section 4.3.2); DTLS and SRTP stay. Returns the server's fragment. */
  async restart(fragment) {
    const answer = await request(this.#resource, {
      method: "PATCH",
      headers: { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*" },
      body: fragment,
    });
    if (answer.status !== 200)
      throw new Problem(answer.status, "whip", "The server did not restart the connection.");
    return answer.text();
  }

  /** DELETE; also while the page goes away. */
  close() {
    if (!this.#resource)
      return;
    const resource = this.#resource;
    this.#resource = null;
    fetch(resource, { method: "DELETE", keepalive: true }).catch(() => {
      // The server notices by itself that nothing comes any more.
    });
  }
}

async function request(address, init) {
  let answer;
  try {
    answer = await fetch(address, { ...init, signal: AbortSignal.timeout(offerTimeoutMs) });
  } catch {
    throw new Problem(0, "network", "");
  }

  if (!answer.ok)
    throw await Problem.of(answer);
  return answer;
}

/**
 * The offer with NACK for sound (RFC 4585): lost packets of Opus are then sent again, as those of pictures are. Browsers leave it out because a telephone call cannot wait
 * for them; a recording can. At 10 % of loss it is the difference between every word and every tenth packet missing (docs/webrtc-loss.md).
 */
export function withSoundAskedAgain(sdp) {
  const opus = /^a=rtpmap:(\d+) opus\/48000\/2\r?$/im.exec(sdp)?.[1];
  if (!opus || new RegExp(`^a=rtcp-fb:${opus} nack\\r?$`, "m").test(sdp))
    return sdp;
  return sdp.replace(new RegExp(`^a=rtpmap:${opus} .*\\r?\\n`, "m"), (line) => `${line}a=rtcp-fb:${opus} nack\r\n`);
}

/** The part of a local description that an ICE restart sends (RFC 8840, section 9): credentials and, where they are known, candidates. */
export function restartFragment(sdp) {
  const lines = sdp.split("\r\n");
  const first = (prefix) => lines.find((line) => line.startsWith(prefix));
  const kept = [first("a=ice-options:"), first("a=group:BUNDLE"), first("m="), first("a=mid:"), first("a=ice-ufrag:"), first("a=ice-pwd:")];
  return [...kept.filter(Boolean), ...lines.filter((line) => line.startsWith("a=candidate:")), ""].join("\r\n");
}

/** The answer of the first POST with the credentials and candidates of a restart's fragment: what the browser takes as the new remote description. */
export function restartedAnswer(sdp, fragment) {
  const fresh = fragment.split(/\r?\n/);
  const ufrag = fresh.find((line) => line.startsWith("a=ice-ufrag:"));
  const password = fresh.find((line) => line.startsWith("a=ice-pwd:"));
  const candidates = fresh.filter((line) => line.startsWith("a=candidate:"));
  if (!ufrag || !password)
    throw new Problem(200, "whip", "The server's fragment has no credentials.");
  const lines = sdp.split("\r\n").map((line) => (line.startsWith("a=ice-ufrag:") ? ufrag : line.startsWith("a=ice-pwd:") ? password : line));
  if (candidates.length === 0)
    return lines.join("\r\n");
  const old = lines.findIndex((line) => line.startsWith("a=candidate:"));
  const without = lines.filter((line) => !line.startsWith("a=candidate:"));
  without.splice(old < 0 ? without.length - 1 : old, 0, ...candidates);
  return without.join("\r\n");
}
