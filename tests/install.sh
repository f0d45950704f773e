#!/usr/bin/env bash
# Installs what the tests need beyond the .NET SDK: ffmpeg, strace for the order of writes, PostgreSQL, and Chromium
# for the tests that look at pages.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/install-ffmpeg.sh
missing=()
command -v strace >/dev/null || missing+=(strace)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
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
if [[ " ${missing[*]} " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
  # The tests start servers of their own; the package's would only take a port and memory.
  "${as_root[@]}" mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
