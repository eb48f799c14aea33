#!/usr/bin/python3
"""Sends a sound and a video file to a WHIP endpoint with aiortc, which encodes them itself (Opus, VP8).

usage: aiortc_send.py --url URL --token TOKEN --audio audio.ogg --video video.ivf --seconds 30
"""
import argparse
import asyncio
import json
import sys
import urllib.parse

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer


async def main():
    parser = argparse.ArgumentParser()
    for name in ("url", "token", "audio", "video"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, default=30)
    args = parser.parse_args()

    peer = RTCPeerConnection()
    connected = asyncio.Event()

    @peer.on("connectionstatechange")
    def changed():
        print("aiortc:", peer.connectionState, file=sys.stderr)
        if peer.connectionState == "connected":
            connected.set()

    sound = MediaPlayer(args.audio)
    picture = MediaPlayer(args.video)
    peer.addTransceiver(sound.audio, direction="sendonly")
    peer.addTransceiver(picture.video, direction="sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    headers = {"Authorization": f"Bearer {args.token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.post(args.url, data=peer.localDescription.sdp, headers={"Content-Type": "application/sdp"}) as response:
            answer = await response.text()
            if response.status != 201:
                raise SystemExit(f"POST answered {response.status}: {answer}")
            resource = urllib.parse.urljoin(args.url, response.headers["Location"])
        await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await asyncio.wait_for(connected.wait(), 15)
        await asyncio.sleep(args.seconds)
        reports = await peer.getStats()
        async with http.delete(resource) as response:
            print("DELETE answered", response.status, file=sys.stderr)
    await peer.close()
    sent = {report.kind: report.packetsSent for report in reports.values() if report.type == "outbound-rtp"}
    print(json.dumps({"audioPackets": sent.get("audio"), "videoPackets": sent.get("video")}))


asyncio.run(main())
