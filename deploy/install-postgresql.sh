#!/usr/bin/env bash
# Installs PostgreSQL's server where it is missing and apt can do it, and prints the folder of its programs. Starts no server.
set -euo pipefail

oldest=15

# The newest installed release that is new enough.
find_programs() {
  local folder version
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) $(dirname "$(command -v initdb || true)"); do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/pg_isready" ]; then
      version=$("$folder/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
      if [ "$version" -ge "$oldest" ]; then
        echo "$folder"
        return
      fi
    fi
  done
  return 1
}

find_programs && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "PostgreSQL $oldest or later is missing. Install it as root: apt-get install postgresql" >&2
    exit 1
  fi
  as_root=(sudo)
fi

if ! command -v apt-get >/dev/null; then
  echo "PostgreSQL is missing. Install its server, version $oldest or later, with this system's package manager." >&2
  exit 1
fi

echo "Installing postgresql with apt-get ..." >&2
{
  "${as_root[@]}" apt-get update -qq
  # Debian makes and starts a database of the system's own when its package comes; nobody here asked for one.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${as_root[@]}" install -d /etc/postgresql-common
    echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold postgresql
} >/dev/null

find_programs || {
  echo "The system's package is older than PostgreSQL $oldest. Install a newer one: https://www.postgresql.org/download/" >&2
  exit 1
}
