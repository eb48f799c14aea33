#!/usr/bin/env bash
# What Pion's receiver, which records too, costs under the senders that ReceivePath measures us with. Needs golang-go and golang-github-pion-webrtc.v3-dev.
# usage: pion.sh [SENDERS] [SECONDS] [FOLDER_FOR_RECORDINGS]
set -euo pipefail
senders=${1:-100}
seconds=${2:-20}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d ${3:+-p "$3"})
recorder=
finish() {
  exec 8>&- 2> /dev/null || true
  [ -z "$recorder" ] || kill "$recorder" 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

"$root/tests/Interop/pion/build.sh" "$work/bin"
mkdir "$work/recordings"
"$work/bin/pion-recorder" -http 127.0.0.1:8099 -udp 127.0.0.1:8098 -folder "$work/recordings" 2> "$work/pion.log" &
recorder=$!
for _ in $(seq 50); do curl -sf http://127.0.0.1:8099/statistics > /dev/null && break; read -rt 0.1 <> <(:) || true; done
mkfifo "$work/commands"
"$root/load-tests/ReceivePath/bin/Release/net10.0/MediaScore.ReceivePath" --send-to http://127.0.0.1:8099/ --senders "$senders" < "$work/commands" > "$work/answers" &
exec 8> "$work/commands"
echo senders >&8
for _ in $(seq 600); do grep -q done "$work/answers" && break; read -rt 0.1 <> <(:) || true; done
grep -q done "$work/answers" || { echo "the senders did not connect" >&2; exit 1; }
read -rt 20 <> <(:) || true # As long as our own measurement warms up.

ticks() { awk '{print $14 + $15}' "/proc/$recorder/stat"; }
packets() { curl -sf http://127.0.0.1:8099/statistics | jq .packets; }
before_ticks=$(ticks) before_packets=$(packets)
read -rt "$seconds" <> <(:) || true
after_ticks=$(ticks) after_packets=$(packets)
echo quit >&8
awk -v t=$((after_ticks - before_ticks)) -v p=$((after_packets - before_packets)) -v s="$seconds" -v hz="$(getconf CLK_TCK)" -v n="$senders" \
  'BEGIN { printf "Pion: %d senders, %d packets of media in %d s (%d a second), CPU %.2f s: %.1f %% of a core, %.1f us a packet\n", n, p, s, p / s, t / hz, 100 * t / hz / s, 1e6 * t / hz / p }'
