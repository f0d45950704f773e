#!/usr/bin/env bash
# Installs what the tests need, runs all of them, and ends with one line: N passed, N failed.
# Usage: tests/run.sh [test-project-name-part ...]      (no argument: all projects; tests/chaos.sh runs the long scenarios)
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
tests/install.sh || fail "What the tests need could not be installed."
dotnet build ActorCluster.sln -c Release -v quiet -nologo || fail "The build failed."

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  wanted=$([ $# -eq 0 ] && echo yes)
  for part in "$@"; do
    [[ $name != *"$part"* ]] || wanted=yes
  done
  [ -n "$wanted" ] || continue
  echo "== $name"
  dotnet test "$project" -c Release --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --filter "Category!=Chaos" \
    --blame-hang-timeout 10m --blame-hang-dump-type none
  code=$?

  # What counts is what the runner recorded; a host that died without a record is a failure, too.
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null | head -n 1)
  of() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  if [ -z "$counters" ]; then
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + $(of passed)))
  failed=$((failed + $(of failed)))
  skipped=$((skipped + $(of total) - $(of executed)))
  [ "$code" -eq 0 ] || [ "$(of failed)" -gt 0 ] || failed=$((failed + 1))
done

[ $((passed + failed)) -gt 0 ] || failed=1
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
