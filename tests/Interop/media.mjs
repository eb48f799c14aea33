// Ogg Opus and IVF files as frames, and frames as RTP packets (RFC 7587, RFC 7741); for stacks that take raw RTP.
import { readFileSync } from "node:fs";

/** Opus packets of an Ogg file with one packet a page. */
export function opusPackets(path) {
  const file = readFileSync(path);
  const packets = [];
  for (let at = 0; at + 27 <= file.length; ) {
    const segments = file[at + 26];
    let length = 0;
    for (let i = 0; i < segments; i++) length += file[at + 27 + i];
    const body = file.subarray(at + 27 + segments, at + 27 + segments + length);
    const magic = body.subarray(0, 8).toString("latin1");
    if (magic !== "OpusHead" && magic !== "OpusTags" && length > 0) packets.push(body);
    at += 27 + segments + length;
  }
  return packets;
}

/** Frames of an IVF file. */
export function ivfFrames(path) {
  const file = readFileSync(path);
  const frames = [];
  for (let at = 32; at + 12 <= file.length; ) {
    const length = file.readUInt32LE(at);
    frames.push(file.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

/** One RTP stream; its timestamps and sequence numbers start near their wrap, which a receiver must survive. */
export class RtpStream {
  constructor(ssrc, payloadType, clockRate) {
    Object.assign(this, { ssrc, payloadType, clockRate, sequence: 65_500, timestamp: 4_294_900_000 });
  }

  packet(payload, marker) {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = (marker ? 0x80 : 0) | this.payloadType;
    header.writeUInt16BE(this.sequence, 2);
    header.writeUInt32BE(this.timestamp, 4);
    header.writeUInt32BE(this.ssrc, 8);
    this.sequence = (this.sequence + 1) & 0xffff;
    return Buffer.concat([header, payload]);
  }

  advance(seconds) {
    this.timestamp = (this.timestamp + Math.round(seconds * this.clockRate)) >>> 0;
  }

  vp8(frame, mtu = 1150) {
    const packets = [];
    for (let at = 0; at < frame.length; at += mtu) {
      const descriptor = Buffer.from([at === 0 ? 0x10 : 0x00]);
      packets.push(this.packet(Buffer.concat([descriptor, frame.subarray(at, at + mtu)]), at + mtu >= frame.length));
    }
    return packets;
  }
}

/** Calls the two senders at the pace of the media, for so many seconds. */
export async function play({ audio, video, seconds, fps = 30, sendAudio, sendVideo }) {
  const sound = opusPackets(audio);
  const pictures = ivfFrames(video);
  const start = performance.now();
  let audioFrames = 0;
  let videoFrames = 0;
  while (performance.now() - start < seconds * 1000) {
    const elapsed = performance.now() - start;
    while (audioFrames * 20 <= elapsed) sendAudio(sound[audioFrames++ % sound.length]);
    while ((videoFrames * 1000) / fps <= elapsed) sendVideo(pictures[videoFrames++ % pictures.length]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { audioFrames, videoFrames };
}

/** `--name value` pairs. */
export function options() {
  const pairs = {};
  for (let i = 2; i + 1 < process.argv.length; i += 2) pairs[process.argv[i].replace(/^--/, "")] = process.argv[i + 1];
  return { audio: "audio.ogg", video: "video.ivf", seconds: 30, ...pairs };
}

/** WHIP (RFC 9725): offer in, answer and the resource's address out. */
export async function post(url, token, sdp) {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` }, body: sdp });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`POST answered ${response.status}: ${answer}`);
  return { answer, resource: new URL(response.headers.get("Location"), url) };
}

export async function remove(resource, token) {
  const response = await fetch(resource, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
  console.error("DELETE answered", response.status);
}
