#!/usr/bin/env bash
# A candidate whose network lets only TCP to one relay through: Debian's coturn, Pion with every packet relayed, and a server that is told of no relay at all.
# Needs root (a network namespace with a firewall), coturn, iptables, golang-go and golang-github-pion-webrtc.v3-dev. usage: turn.sh [SECONDS]
set -euo pipefail
seconds=${1:-30}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
server=
relay=
finish() {
  for process in $server $relay; do kill "$process" 2> /dev/null || true; done
  ip netns del mediascore-office 2> /dev/null || true
  ip link del ms-relay 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

ip netns add mediascore-office
ip link add ms-relay type veth peer name ms-office
ip link set ms-office netns mediascore-office
ip addr add 10.98.0.1/24 dev ms-relay
ip link set ms-relay up
office() { ip netns exec mediascore-office "$@"; }
office ip addr add 10.98.0.2/24 dev ms-office
office ip link set ms-office up
office ip link set lo up
# What such a network lets out: the web (here the WHIP port) and the relay's TCP port.
office iptables -P OUTPUT DROP
office iptables -A OUTPUT -o lo -j ACCEPT
office iptables -A OUTPUT -p tcp --dport 6480 -j ACCEPT
office iptables -A OUTPUT -p tcp --dport 3478 -j ACCEPT

"$here/media.sh" "$work/media" > /dev/null
"$here/pion/build.sh" "$work/bin"
turnserver -n --listening-ip 10.98.0.1 --relay-ip 10.98.0.1 --listening-port 3478 --min-port 49160 --max-port 49200 --user candidate:secret --realm mediascore --lt-cred-mech \
  --no-tls --no-dtls --no-cli --no-udp --pidfile "$work/turn.pid" --log-file "$work/turn.log" --simple-log > /dev/null 2>&1 &
relay=$!
"$root/mediascore" serve --data "$work/data" --set Server:Address=10.98.0.1 --http-port 6480 --grpc-port 6481 --https-port -1 --set WebRtc:Address=10.98.0.1 --set WebRtc:UdpPort=6482 --set WebRtc:TcpPort=-1 > "$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf http://10.98.0.1:6480/healthz > /dev/null && break; read -rt 0.3 <> <(:) || true; done
kill -0 "$server" 2> /dev/null || { tail -n 3 "$work/server.log" >&2; exit 1; }
send() {
  local invitation id token
  invitation=$("$root/mediascore" invite --plan store-manager --server http://10.98.0.1:6481 --json)
  id=$(jq -r .interviewId <<< "$invitation")
  token=$(jq -r .candidateUrl <<< "$invitation" | sed 's/.*token=//')
  curl -sf -o /dev/null -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"modalities":["audio","video","transcript"]}' "http://10.98.0.1:6480/interviews/$id/candidate/consent"
  office "$work/bin/pion-sender" -url "http://10.98.0.1:6480/interviews/$id/whip" -token "$token" -audio "$work/media/audio.ogg" -video "$work/media/video.ivf" -seconds "$seconds" "$@"
}
echo "without a relay:"
send && { echo "connected, though the firewall should have held it" >&2; exit 1; }
echo "over the relay, TCP:"
send -turn 'turn:10.98.0.1:3478?transport=tcp' -user candidate -credential secret
grep ' closed: ' "$work/server.log" | tail -n 1
