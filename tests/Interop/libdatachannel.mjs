// Sends sound and VP8 to a WHIP endpoint with libdatachannel (node-datachannel), raw RTP.
// usage: node libdatachannel.mjs --url URL --token TOKEN --audio audio.ogg --video video.ivf --seconds 30
import datachannel from "node-datachannel";
import { RtpStream, options, play, post, remove } from "./media.mjs";

const { url, token, audio, video, seconds } = options();
const peer = new datachannel.PeerConnection("interop", { iceServers: [], bindAddress: "127.0.0.1", disableAutoNegotiation: true });
const sound = new datachannel.Audio("audio", "SendOnly");
sound.addOpusCodec(111);
sound.addSSRC(1111, "interop", "stream", "audio");
const picture = new datachannel.Video("video", "SendOnly");
picture.addVP8Codec(96);
picture.addSSRC(2222, "interop", "stream", "video");
const soundTrack = peer.addTrack(sound);
const pictureTrack = peer.addTrack(picture);
const state = (wanted) => new Promise((resolve) => peer.onStateChange((now) => (console.error("libdatachannel:", now), now === wanted && resolve())));
const connected = state("connected");
const gathered = new Promise((resolve) => peer.onGatheringStateChange((now) => now === "complete" && resolve()));
peer.setLocalDescription("offer");
await gathered;
const { answer, resource } = await post(url, token, peer.localDescription().sdp);
peer.setRemoteDescription(answer, "answer");
await connected;

const soundRtp = new RtpStream(1111, 111, 48_000);
const pictureRtp = new RtpStream(2222, 96, 90_000);
const sent = await play({
  audio,
  video,
  seconds,
  sendAudio(packet) {
    soundTrack.sendMessageBinary(soundRtp.packet(packet, false));
    soundRtp.advance(0.02);
  },
  sendVideo(frame) {
    for (const packet of pictureRtp.vp8(frame)) pictureTrack.sendMessageBinary(packet);
    pictureRtp.advance(1 / 30);
  },
});
await new Promise((resolve) => setTimeout(resolve, 1000));
await remove(resource, token);
peer.close();
datachannel.cleanup();
console.log(JSON.stringify(sent));
