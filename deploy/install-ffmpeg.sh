#!/usr/bin/env bash
# Installs ffmpeg where it is missing and apt can do it; otherwise says what to install. Sourced by nobody: run it.
set -euo pipefail

if command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "ffmpeg is missing. Install it as root: apt-get install ffmpeg" >&2
    exit 1
  fi
  as_root=(sudo)
fi

if ! command -v apt-get >/dev/null; then
  echo "ffmpeg is missing. Install ffmpeg (with ffprobe, version 5 or later) with this system's package manager." >&2
  exit 1
fi

echo "Installing ffmpeg with apt-get ..."
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ffmpeg >/dev/null
command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null
