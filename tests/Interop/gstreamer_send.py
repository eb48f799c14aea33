#!/usr/bin/python3
"""Sends test sound and pictures to a WHIP endpoint with GStreamer's webrtcbin (Opus, VP8 or H.264).

usage: gstreamer_send.py --url URL --token TOKEN --audio audio.ogg --video video.ivf|video.h264 --seconds 30
"""
import argparse
import json
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC

parser = argparse.ArgumentParser()
for name in ("url", "token", "audio", "video"):
    parser.add_argument(f"--{name}", required=True)
parser.add_argument("--seconds", type=int, default=30)
args = parser.parse_args()

Gst.init(None)
if args.video.endswith(".h264"):
    # The file's own H.264, not encoded again.
    picture = (f'filesrc location="{args.video}" ! h264parse ! identity sync=true ! h264parse config-interval=-1 ! '
               "rtph264pay pt=102 config-interval=-1 aggregate-mode=zero-latency ! application/x-rtp,media=video,encoding-name=H264,payload=102,packetization-mode=(string)1")
else:
    picture = (f'filesrc location="{args.video}" ! ivfparse ! identity sync=true ! '
               "rtpvp8pay pt=96 picture-id-mode=2 ! application/x-rtp,media=video,encoding-name=VP8,payload=96")
pipeline = Gst.parse_launch(
    "webrtcbin name=rtc bundle-policy=max-bundle "
    f'filesrc location="{args.audio}" ! oggdemux ! opusparse ! identity sync=true ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! queue ! rtc. '
    f"{picture} ! queue name=pictures ! rtc.")
rtc = pipeline.get_by_name("rtc")
loop = GLib.MainLoop()
resource = None


def http(method, url, body=None, content=None):
    request = urllib.request.Request(url, data=body, method=method, headers={"Authorization": f"Bearer {args.token}", **({"Content-Type": content} if content else {})})
    with urllib.request.urlopen(request) as response:
        return response.headers.get("Location"), response.read().decode()


def complete(*_):
    global resource
    if rtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        return
    offer = rtc.get_property("local-description").sdp.as_text()
    location, answer = http("POST", args.url, offer.encode(), "application/sdp")
    resource = urllib.parse.urljoin(args.url, location)
    _, message = GstSdp.SDPMessage.new_from_text(answer)
    rtc.emit("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message), None)


def negotiated(promise, *_):
    reply = promise.get_reply()
    if not reply.has_field("offer"):
        raise SystemExit(reply.to_string())
    rtc.emit("set-local-description", reply.get_value("offer"), None)


def state(*_):
    now = rtc.get_property("connection-state").value_nick
    print("gstreamer:", now, file=sys.stderr)
    if now == "connected":
        GLib.timeout_add_seconds(args.seconds, loop.quit)


rtc.connect("notify::ice-gathering-state", lambda *_: GLib.idle_add(complete))
rtc.connect("notify::connection-state", state)
rtc.connect("on-negotiation-needed", lambda *_: rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(negotiated, None)))
GLib.timeout_add_seconds(args.seconds + 20, loop.quit)
pipeline.set_state(Gst.State.PLAYING)
loop.run()

sent = {}


def collect(_, value):
    # A stream's own statistics are nested in the reply's structures.
    if isinstance(value, Gst.Structure) and value.has_field("packets-sent"):
        sent[value.get_value("ssrc")] = value.get_value("packets-sent")
    return True


promise = Gst.Promise.new()
rtc.emit("get-stats", None, promise)
promise.wait()
promise.get_reply().foreach(collect)
if resource:
    http("DELETE", resource)
pipeline.set_state(Gst.State.NULL)
print(json.dumps({"packetsBySource": list(sent.values())}))
