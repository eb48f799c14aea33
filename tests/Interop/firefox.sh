#!/usr/bin/env bash
# Debian's Firefox with its synthetic camera and microphone (a picture and a tone) through the whole candidate page, on a host of its own: it makes no ICE
# connection over the loopback interface. Needs root (a network namespace), firefox-esr and the npm packages. usage: firefox.sh [FOLDER_FOR_SCREENSHOTS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
pictures=$(mkdir -p "${1:-$root/artifacts/firefox}" && cd "${1:-$root/artifacts/firefox}" && pwd)
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  ip netns del mediascore-firefox 2> /dev/null || true
  ip link del ms-server 2> /dev/null || true
  cp "$work/server.log" "$pictures/" 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

ip netns add mediascore-firefox
ip link add ms-server type veth peer name ms-firefox
ip link set ms-firefox netns mediascore-firefox
ip addr add 10.97.0.1/24 dev ms-server
ip link set ms-server up
ip netns exec mediascore-firefox ip addr add 10.97.0.2/24 dev ms-firefox
ip netns exec mediascore-firefox ip link set ms-firefox up
ip netns exec mediascore-firefox ip link set lo up

(cd "$here" && [ -d node_modules ] || npm install --silent --no-package-lock)
"$root/mediascore" serve --data "$work/data" --lan --http-port 6180 --grpc-port 6181 --https-port 6183 --set Server:PublicUrl=https://10.97.0.1:6183 --set WebRtc:Address=10.97.0.1 --set WebRtc:UdpPort=6182 --set WebRtc:TcpPort=6182 > "$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf http://127.0.0.1:6180/healthz > /dev/null && break; read -rt 0.3 <> <(:) || true; done
kill -0 "$server" 2> /dev/null || { tail -n 3 "$work/server.log" >&2; exit 1; }
invitation=$("$root/mediascore" invite --plan store-manager --server http://127.0.0.1:6181 --json)
ip netns exec mediascore-firefox env HOME="$work" node "$here/firefox.mjs" "$(jq -r .candidateUrl <<< "$invitation")" "$pictures"
report=$(jq -r .reportUrl <<< "$invitation")
id=$(jq -r .interviewId <<< "$invitation")
for _ in $(seq 120); do
  curl -sf -H "Authorization: Bearer $(jq -r .accessToken <<< "$invitation")" "http://127.0.0.1:6180/interviews/$id/report.json" > "$work/report.json" && break
  read -rt 1 <> <(:) || true
done
grep -E 'connected over|closed:' "$work/server.log"
jq '{durationMs: .interview.durationMs, pictures: .quality.picture.pictureCount, questions: [.stages[].questions[] | {id, notAssessed: [.ratings[]?.notAssessed] | unique, reason: [.ratings[]?.reason] | unique}]}' "$work/report.json"
cp "$work/report.json" "$pictures/"
