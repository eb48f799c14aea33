#!/usr/bin/env bash
# Makes an interview to try MediaScore on: a synthetic voice (espeak-ng) answers the store manager's questions over a moving picture of a face (NASA's portrait of
# Eileen Collins, public domain, from Debian's python3-skimage).
# Usage: tools/demo-video.sh [OUTPUT.mp4]     Writes OUTPUT.mp4 and OUTPUT.mp4.stages.yaml. MEDIASCORE_FACE_PICTURE names another picture.
set -euo pipefail
cd "$(dirname "$0")/.."

output=${1:-data/demo/demo-interview.mp4}
face=${MEDIASCORE_FACE_PICTURE:-/usr/lib/python3/dist-packages/skimage/data/astronaut.png}
for program in ffmpeg ffprobe espeak-ng; do
  command -v "$program" >/dev/null || { echo "$program is not installed: run tools/setup.sh --demo" >&2; exit 1; }
done
[ -f "$face" ] || { echo "no picture of a face at $face: run tools/setup.sh --demo, or set MEDIASCORE_FACE_PICTURE" >&2; exit 1; }
mkdir -p "$(dirname "$output")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

late_dish=(
  "Last winter I was in charge on a Saturday evening, and the restaurant was full."
  "A guest had waited forty minutes for his dish, and he was very angry."
  "First I went to the table myself, and I said, I am sorry that you have waited so long."
  "I listened until he had finished, and then I told him what I had understood."
  "Then I went to the kitchen, and I found that the ticket had been missed."
  "So I offered him two choices, a dish that is ready in five minutes, or his own dish in ten minutes."
  "He chose the second one, and I took it off the bill and brought it to the table myself."
  "After that I checked every ticket that was older than twenty minutes, and I moved one cook to the busy station."
  "The next day we agreed with the team that the screen warns us after fifteen minutes."
  "As a result, late dishes fell from eight to two in an evening."
)
falling_results=(
  "I would talk to this person alone, in a quiet room, and not during the shift."
  "I would start with what she has done well, because she was one of our best servers."
  "Then I would ask openly what has happened, and I would listen without judging."
  "Once I had such a case, and she told me that her mother was ill and that she could not sleep."
  "I said that I was glad she told me, and that I could see how tired she was."
  "We changed her shifts for one month, and we agreed on two goals with dates."
  "I paired her with an experienced colleague, and every Friday we looked at how it went."
  "After three weeks her mistakes had fallen by half, and the team had noticed that too."
)
written='For the next four weekends we offer a family menu on Sunday from two to five, because these hours are empty. The menu costs us 28 and sells for 68, so at forty menus a day we earn 1,600 more, and the discount costs 400. The budget is 3,000 for flyers, ingredients and one extra server. Members hear of it through our app, the neighbourhood through flyers by Thursday. The shift leader plans one more cook and two servers by Tuesday, and the kitchen can serve sixty menus an hour. Each Monday we compare guests and margin with the same weekend of last year; under 30 more guests we change the offer, under 10 we stop.'

say() { # TEXT WAV
  # Gaps of 80 ms between words: without them the recogniser mishears this voice three times as often.
  espeak-ng -v en-us -s 160 -g 8 -w "$work/raw.wav" "$1"
  ffmpeg -nostdin -v error -y -i "$work/raw.wav" -af volume=-4dB -ac 1 -ar 16000 "$2"
}
silence() { ffmpeg -nostdin -v error -y -f lavfi -i "anullsrc=r=16000:cl=mono" -t "$1" "$2"; }
seconds() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }

silence 0.9 "$work/pause.wav" # Longer than the silence that ends an utterance (0.6 s).
silence 2.5 "$work/think.wav"
count=0
answer() { # WAV SENTENCE...
  local wav=$1; shift
  printf "file '%s'\n" "$work/think.wav" > "$work/list"
  for sentence in "$@"; do
    count=$((count + 1))
    say "$sentence" "$work/$count.wav"
    printf "file '%s'\nfile '%s'\n" "$work/$count.wav" "$work/pause.wav" >> "$work/list"
  done
  printf "file '%s'\n" "$work/think.wav" >> "$work/list"
  ffmpeg -nostdin -v error -y -f concat -safe 0 -i "$work/list" -c copy "$wav"
}
answer "$work/late.wav" "${late_dish[@]}"
answer "$work/falling.wav" "${falling_results[@]}"
printf "file '%s'\nfile '%s'\n" "$work/late.wav" "$work/falling.wav" > "$work/list"
ffmpeg -nostdin -v error -y -f concat -safe 0 -i "$work/list" -c copy "$work/voice.wav"
first=$(seconds "$work/late.wav")
all=$(seconds "$work/voice.wav")

# A room is never quite silent: brown noise at -68 dBFS. The picture breathes and drifts, as a person before a camera does.
ffmpeg -nostdin -v error -y -loop 1 -framerate 15 -i "$face" -i "$work/voice.wav" -f lavfi -i "anoisesrc=color=brown:amplitude=0.002:sample_rate=16000:seed=1" -filter_complex \
  "[0:v]scale=1024:-2,crop=1024:768:0:0,zoompan=z='1.12+0.05*sin(on/40)':x='(iw-iw/zoom)*(0.4+0.25*sin(on/53))':y='(ih-ih/zoom)*(0.4+0.2*sin(on/71))':d=1:s=640x480:fps=15[v];[1:a][2:a]amix=inputs=2:duration=first:normalize=0[a]" \
  -map "[v]" -map "[a]" -t "$all" -c:v libx264 -preset veryfast -crf 23 -pix_fmt yuv420p -g 30 -c:a aac -b:a 96k -movflags +faststart "$output"

cat > "$output.stages.yaml" <<YAML
# Which part of demo-interview.mp4 answers which question of plans/store-manager.yaml.
stages:
  - stage: late-dish
    question: late-dish-response
    start: 0
    end: $first
  - stage: weekend-promotion
    question: weekend-promotion-plan
    start: $first
    text: >-
      $written
  - stage: falling-results
    question: falling-results-talk
    start: $first
    end: $all
YAML
echo "$output: $all s"
