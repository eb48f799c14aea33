#!/usr/bin/env bash
# Makes what stands before simulated terminals: pictures of 640x480 of eight people, six with a number and two strangers, from research photos.
# Usage: tools/door-faces.sh FOLDER     Then: make load ARGS='... --terminals 20 --faces FOLDER', or mediascore device simulate --faces FOLDER
# The photos: MEDIASCORE_TEST_DATA, or ../shared/data beside the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${MEDIASCORE_TEST_DATA:-../shared/data}
folder=${1:?which folder? Usage: tools/door-faces.sh FOLDER}
manifest=$data/faces/MANIFEST.tsv
[ -f "$manifest" ] || { echo "no faces at $data/faces: set MEDIASCORE_TEST_DATA" >&2; exit 1; }

number=1000
last=
count=0
# By person, then by file: the same numbers in every run.
while IFS=$'\t' read -r person file; do
  case $person in
    Jerry_Seinfeld | Vladimir_Putin) into=$folder/strangers; name=$person-$(basename "$file") ;;
    *)
      [ "$person" = "$last" ] || number=$((number + 1))
      into=$folder/$number
      name=$(basename "$file")
      ;;
  esac
  last=$person
  mkdir -p "$into"
  # The photo at full height; beside it, itself out of focus.
  ffmpeg -nostdin -v error -y -i "$data/faces/$file" -filter_complex \
    "[0:v]split[a][b];[a]scale=640:480,boxblur=20[around];[b]scale=-2:480[photo];[around][photo]overlay=(W-w)/2:0" -q:v 4 "$into/$name"
  count=$((count + 1))
done < <(awk -F'\t' '($3 == "lfw10" || $3 == "celeb5") && $2 != "" && $1 ~ /\.jpe?g$/ { print $2 "\t" $1 }' "$manifest" | LC_ALL=C sort)
echo "$count pictures in $folder"
