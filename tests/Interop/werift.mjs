// Sends sound and VP8 to a WHIP endpoint with werift.
// usage: node werift.mjs --url URL --token TOKEN --audio audio.ogg --video video.ivf --seconds 30
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpPacket } from "werift";
import { RtpStream, options, play, post, remove } from "./media.mjs";

const { url, token, audio, video, seconds } = options();
const peer = new RTCPeerConnection({
  iceServers: [],
  iceUseIpv6: false,
  iceAdditionalHostAddresses: ["127.0.0.1"],
  codecs: {
    audio: [new RTCRtpCodecParameters({ mimeType: "audio/opus", clockRate: 48_000, channels: 2 })],
    video: [new RTCRtpCodecParameters({ mimeType: "video/VP8", clockRate: 90_000, rtcpFeedback: [{ type: "nack" }, { type: "nack", parameter: "pli" }] })],
  },
});
const sound = new MediaStreamTrack({ kind: "audio" });
const picture = new MediaStreamTrack({ kind: "video" });
peer.addTransceiver(sound, { direction: "sendonly" });
peer.addTransceiver(picture, { direction: "sendonly" });
peer.connectionStateChange.subscribe((now) => console.error("werift:", now));
await peer.setLocalDescription(await peer.createOffer());
const { answer, resource } = await post(url, token, peer.localDescription.sdp);
await peer.setRemoteDescription({ type: "answer", sdp: answer });
if (peer.connectionState !== "connected") await peer.connectionStateChange.watch((now) => now === "connected", 15_000);

const soundRtp = new RtpStream(1111, 111, 48_000);
const pictureRtp = new RtpStream(2222, 96, 90_000);
const sent = await play({
  audio,
  video,
  seconds,
  sendAudio(packet) {
    sound.writeRtp(RtpPacket.deSerialize(soundRtp.packet(packet, false)));
    soundRtp.advance(0.02);
  },
  sendVideo(frame) {
    for (const packet of pictureRtp.vp8(frame)) picture.writeRtp(RtpPacket.deSerialize(packet));
    pictureRtp.advance(1 / 30);
  },
});
await new Promise((resolve) => setTimeout(resolve, 1000));
await remove(resource, token);
await peer.close();
console.log(JSON.stringify(sent));
process.exit(0);
