#!/usr/bin/env bash
# Every stack sends 30 s of sound and pictures to a server of its own, and the server's own count is printed. See docs/webrtc-interop.md for what has to be installed.
# usage: run.sh [SECONDS]      SPEECH=file.flac gives the sound, without it the voice is espeak's; KEEP=folder keeps the logs
set -euo pipefail
seconds=${1:-30}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  [ -z "${KEEP:-}" ] || cp -r "$work"/*.log "$KEEP"
  rm -rf "$work"
}
trap finish EXIT

"$here/media.sh" "$work/media" ${SPEECH:+"$(realpath "$SPEECH")"}
"$here/pion/build.sh" "$work/bin"
(cd "$here" && [ -d node_modules ] || npm install --silent --no-package-lock)
# webrtcbin and aiortc do not send from the loopback interface: the server listens on all, and every answer names the first address of this machine too.
"$root/mediascore" serve --data "$work/data" --http-port 6080 --grpc-port 6081 --https-port -1 --set WebRtc:Address=0.0.0.0 --set WebRtc:UdpPort=6082 --set WebRtc:TcpPort=6082 > "$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf http://127.0.0.1:6080/healthz > /dev/null && break; read -rt 0.3 <> <(:) || true; done
kill -0 "$server" 2> /dev/null || { echo "the server did not start:" >&2; tail -n 3 "$work/server.log" >&2; exit 1; }

printf '| stack | codecs | sent | SRTP | frames of sound | pictures | packets lost | authentication failures | recorded |\n|---|---|---|---|---|---|---|---|---|\n'
run() { # name, codecs, option prefix, video, command...
  local name=$1 codecs=$2 prefix=$3 video=$4 invitation id token sent closed connected recorded
  shift 4
  invitation=$("$root/mediascore" invite --plan store-manager --server http://127.0.0.1:6081 --json)
  id=$(jq -r .interviewId <<< "$invitation")
  token=$(jq -r .candidateUrl <<< "$invitation" | sed 's/.*token=//')
  curl -sf -o /dev/null -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"modalities":["audio","video","transcript"]}' "http://127.0.0.1:6080/interviews/$id/candidate/consent"
  sent=$(timeout $((seconds + 60)) "$@" "${prefix}url" "http://127.0.0.1:6080/interviews/$id/whip" "${prefix}token" "$token" "${prefix}audio" "$work/media/audio.ogg" \
    "${prefix}video" "$work/media/$video" "${prefix}seconds" "$seconds" 2> "$work/$name.log") || sent="failed: $(tail -n 1 "$work/$name.log")"
  for _ in $(seq 20); do closed=$(grep -c ' closed: ' "$work/server.log" || true); [ "$closed" -gt "${before:-0}" ] && break; read -rt 0.5 <> <(:) || true; done
  before=$closed
  closed=$(grep ' closed: ' "$work/server.log" | tail -n 1)
  connected=$(grep -oE 'with \w+ after' "$work/server.log" | tail -n 1 | cut -d' ' -f2)
  recorded=$(curl -sf -H "Authorization: Bearer $token" "http://127.0.0.1:6080/interviews/$id/candidate/state" | jq -r '"\(.recordedMs / 1000) s"')
  sed -E "s/.* ([0-9]+) frames of sound and ([0-9]+) pictures handed on, ([0-9]+) and ([0-9]+) packets lost, ([0-9]+) failed.*/| $name | $codecs | ${sent//\//\\/} | $connected | \1 | \2 | \3 + \4 | \5 | $recorded |/" <<< "$closed"
}
run Pion "Opus, VP8" - video.ivf "$work/bin/pion-sender"
run Pion "Opus, H.264" - video.h264 "$work/bin/pion-sender"
run libdatachannel "Opus, VP8" -- video.ivf node "$here/libdatachannel.mjs"
run werift "Opus, VP8" -- video.ivf node "$here/werift.mjs"
run aiortc "Opus, VP8 or H.264 (it encodes)" -- video.ivf /usr/bin/python3 "$here/aiortc_send.py"
run GStreamer "Opus, VP8" -- video.ivf /usr/bin/python3 "$here/gstreamer_send.py"
run GStreamer "Opus, H.264" -- video.h264 /usr/bin/python3 "$here/gstreamer_send.py"
