#!/usr/bin/env bash
# Debian's Firefox plays the clips that the end-to-end test RecordingsPlayTests makes and plays in Chromium. Needs firefox-esr, chromium, ffmpeg, the npm packages and a built
# tests/EndToEnd.Tests. Prints a table; ends with 1 where a clip does not play. usage: firefox-playback.sh [FOLDER_FOR_CLIPS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
clips=$(mkdir -p "${1:-$root/artifacts/playback}" && cd "${1:-$root/artifacts/playback}" && pwd)
tests=$root/tests/EndToEnd.Tests/bin/Release/net10.0/MediaScore.EndToEnd.Tests
[ -x "$tests" ] || { echo "tests/EndToEnd.Tests is not built: make build" >&2; exit 1; }
(cd "$here" && [ -d node_modules ] || npm install --silent --no-package-lock)
MEDIASCORE_KEEP_CLIPS=$clips "$tests" -noColor -noLogo -class MediaScore.EndToEnd.Tests.Playback.RecordingsPlayTests >&2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
HOME=$home node "$here/firefox-playback.mjs" "$clips"
