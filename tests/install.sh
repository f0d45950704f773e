#!/usr/bin/env bash
# Installs what the tests need beyond the .NET SDK: ffmpeg, strace for the order of writes, PostgreSQL, libfaketime for a
# node whose clock is off, and Chromium for the tests that look at pages.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/install-ffmpeg.sh
deploy/install-postgresql.sh >/dev/null
missing=()
command -v strace >/dev/null || missing+=(strace)
command -v faketime >/dev/null || missing+=(faketime)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
  echo "Missing: ${missing[*]}. Install them with this system's package manager." >&2
  exit 1
fi

echo "Installing ${missing[*]} with apt-get ..."
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
