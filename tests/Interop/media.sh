#!/usr/bin/env bash
# Makes the sound and the pictures that the interop senders send: audio.ogg, video.ivf (VP8) and video.h264 in the folder given, 32 s.
# usage: media.sh FOLDER [SPEECH_FILE]   Without a speech file the voice is espeak's.
set -euo pipefail
mkdir -p "$1"
cd "$1"
speech=${2:-}
if [ -z "$speech" ]; then
  espeak-ng -w voice.wav "I would listen to the guest, say sorry for the long wait, and tell them honestly when the dish will come."
  speech=voice.wav
fi
ffmpeg -v error -y -stream_loop -1 -i "$speech" -t 32 -ac 1 -ar 48000 -c:a libopus -b:a 28k -application voip -frame_duration 20 -fec 1 -packet_loss 10 -page_duration 20000 audio.ogg
ffmpeg -v error -y -f lavfi -i testsrc2=size=640x480:rate=30 -t 32 -c:v libvpx -deadline realtime -cpu-used 8 -b:v 700k -g 30 video.ivf
ffmpeg -v error -y -f lavfi -i testsrc2=size=640x480:rate=30 -t 32 -c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -b:v 700k -g 30 -x264-params slices=1 -pix_fmt yuv420p -bsf:v h264_mp4toannexb video.h264
