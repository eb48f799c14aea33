#!/usr/bin/env bash
# Builds the Pion programs from Debian's Go packages, without a network. usage: build.sh OUTPUT_FOLDER
set -euo pipefail
output=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
# Debian's packages are laid out for GOPATH; a go.mod inside it turns on the /v3 import paths.
workspace=$(mktemp -d)
trap 'rm -rf "$workspace"' EXIT
mkdir -p "$workspace/src/interop"
cp -r go.mod sender recorder "$workspace/src/interop/"
for program in sender recorder; do
  (cd "$workspace/src/interop/$program" && GO111MODULE=off GOFLAGS= GOPATH="$workspace:/usr/share/gocode" go build -o "$output/pion-$program" .)
done
